"""What a resume calls its person at the top: `Senior Accountant`, `백엔드 개발자`.

A line of which a third of the words or more are others may be a name and is none, and only words of work are taken
that the jobs' texts use too: so the name Baker at the top makes nobody a baker.
"""

import re
from collections.abc import Collection, Sequence

from hirehub.services.ai.parsing.model import Resume, Span
from hirehub.services.ai.parsing.places import Places
from hirehub.services.ai.work.reader import load_reader

_LINES, _LETTERS, _WORDS, _DIGITS = 8, 100, 12, 5
"""So many lines from the top are looked at; longer ones are sentences, those with more digits are no headlines."""
_OTHERS = 3
"""Of so many words less than one is no word of work: a line with more of them may be a name."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINING = frozenset(("and", "or", "of", "the", "to", "in", "for", "at", "with", "as", "ii", "iii", "iv", "및"))
_SENTENCE = (".", ";", ",", "다", "요", "음", "함")


def headline(
    resume: Resume, pages: Sequence[tuple[int, str]], barred: Sequence[Span], used: Collection[str]
) -> tuple[tuple[str, int, int, int], ...]:
    """The words of work of the first line that tells an occupation, above all sections and jobs: form and place."""
    page, text = min(((number, text) for number, text in pages if number > 0), default=(0, ""))
    heads = [span for _, span in resume.sections] + [span for job in resume.experiences for span in job.spans]
    end = min((span.start for span in heads if span.page == page), default=len(text))
    hidden = Places((span.start, span.end) for span in barred if span.page == page)
    at, looked = 0, 0
    while at < end and looked < _LINES:
        after = text.find("\n", at, end)
        after = end if after < 0 else after
        line = text[at : min(after, at + _LETTERS + 1)]
        if line.strip():
            looked += 1
            if _like_headline(line):
                found = _told(line, page, at, hidden, used)
                if found:
                    return found
        at = after + 1
    return ()


def _like_headline(line: str) -> bool:
    plain = line.strip()
    return (
        len(line) <= _LETTERS
        and len(plain.split()) <= _WORDS
        and sum(map(str.isdigit, plain)) <= _DIGITS
        and "@" not in plain
        and not plain.endswith(_SENTENCE)
    )


def _told(
    line: str, page: int, at: int, hidden: Places, used: Collection[str]
) -> tuple[tuple[str, int, int, int], ...]:
    """The line's words of work, each once, if one of them tells an occupation and few words are of another kind."""
    table = load_reader().table
    found = list(load_reader().find(line))
    known = {one.start for one in found}
    words = [match for match in _WORD.finditer(line) if match[0].lower() not in _JOINING]
    if sum(match.start() not in known for match in words) * _OTHERS >= len(words):
        return ()
    rows = {
        one.form: (one.form, page, at + one.start, at + one.end)
        for one in reversed(found)
        if one.form in used and not hidden.hold(at + one.start, at + one.end)
    }
    return tuple(sorted(rows.values())) if any(table.titles.get(form) for form in rows) else ()
