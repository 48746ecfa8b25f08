"""Finds the words of work in a text: English ones by their form, Korean ones inside runs of Hangul, short forms."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from hirehub.services.ai.parsing.places import Places
from hirehub.services.ai.work.stems import stem, words
from hirehub.services.ai.work.table import BARRED, WorkWords, load_work_words

_NONE: Mapping[str, tuple[str, ...]] = {}
_BETWEEN = frozenset({" ", "-"})
_HANGUL = re.compile(r"[가-힣]{2,}")
SCHOOLS = re.compile(
    r"\b(?:[A-Z][\w.&'’-]{0,30}[ \t]{1,3}){1,5}(?:University|College|School|Academy|Institute)\b"
    r"(?:[ \t]{1,3}of(?:[ \t]{1,3}[A-Z]\w{1,30}){1,5})?"
    r"|\b(?:University|College|School|Academy|Institute)[ \t]{1,3}of(?:[ \t]{1,3}[A-Z]\w{1,30}){1,5}"
    r"|[가-힣A-Za-z]{1,20}(?:대학교|대학원|대학|고등학교|중학교|초등학교)"
)
"""Names of schools: no word of them counts."""


@dataclass(frozen=True)
class WorkWord:
    """A word of work at a place of a text: its form in the table and the place."""

    form: str
    start: int
    end: int


class Reader:
    """Finds words of a table."""

    def __init__(self, table: WorkWords) -> None:
        self.table = table
        self._longest = max(map(len, table.korean), default=0)
        self._forms: dict[str, tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]] = {}

    def find(self, text: str) -> Iterator[WorkWord]:
        """Every word of work outside names of schools: English ones, then Korean ones, each kind in order."""
        barred = Places(match.span() for match in SCHOOLS.finditer(text))
        for found in (*self._english(text), *self._korean(text)):
            if not barred.hold(found.start, found.start + 1):
                yield found

    def _english(self, text: str) -> Iterator[WorkWord]:
        """Pairs of words that stand side by side, else single words."""
        found, at = list(words(text)), 0
        short = self.table.korean_short if _HANGUL.search(text) else self.table.short
        while at < len(found):
            word, start, end = found[at]
            forms, seconds = self._known(word)
            forms = short.get(word, forms)
            at += 1
            if seconds and at < len(found) and text[end : found[at][1]] in _BETWEEN:
                pair = seconds.get(found[at][0].lower())
                if pair is not None:
                    forms, end, at = pair, found[at][2], at + 1
            for form in forms:
                yield WorkWord(form, start, end)

    def _known(self, word: str) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
        """The forms that a word stands for, and by what may follow those of the pair that it begins."""
        known = self._forms.get(word)
        if known is None:
            small = word.lower()
            forms = self.table.english.get(small)
            if forms is None:
                form = stem(small)
                forms = (form,) if form in self.table.weights and form not in BARRED else ()
            known = forms, self.table.pairs.get(small, _NONE)
            if len(self._forms) < 100_000:
                self._forms[word] = known
        return known

    def _korean(self, text: str) -> Iterator[WorkWord]:
        """The longest words of the table, from the left of each run."""
        for run in _HANGUL.finditer(text):
            at, after = run.span()
            while at < after - 1:
                for end in range(min(at + self._longest, after), at + 1, -1):
                    forms = self.table.korean.get(text[at:end])
                    if forms is not None:
                        yield from (WorkWord(form, at, end) for form in forms)
                        at = end
                        break
                else:
                    at += 1


@cache
def load_reader() -> Reader:
    """The reader of the table of this package."""
    return Reader(load_work_words())
