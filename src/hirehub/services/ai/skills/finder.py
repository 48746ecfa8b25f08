"""Finds skills in text, in one pass over its tokens.

Splitting into tokens and picking those that can begin a name run at the speed of the interpreter's own loops; only
what is left is looked at one by one. The longest name wins, from the left. Names that are everyday words stay only in
company.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Literal

from hirehub.services.ai.skills import korean
from hirehub.services.ai.skills.patterns import JOINTS, TOKEN, HangulName, Node, Patterns, Spelling, compile_patterns
from hirehub.services.ai.skills.taxonomy import TECHNICAL, Taxonomy, load_taxonomy

COMPANY = 60
"""A doubtful name needs another skill within so many letters, on either side."""

_TALK = re.compile(r"언어|language|programming|프로그래밍|framework|프레임워크|코딩|coding|개발자|developer")
_USED = re.compile(
    r"(?:을|를|로|으로|과|와)?\s*(?:이용|활용|사용|개발|분석|프로그래밍|코딩)"
    r"|(?:로|으로)\s[가-힣 ]{0,8}(?:개발|분석|구현|작성|프로그래밍)"
)
"""What is said in Korean of a language behind its name: it is used, developed or analysed with."""
_OCCUPIED = re.compile(r"(?:engineer|developer|programmer|backend|back-end|엔지니어|개발자|개발|백엔드)\s*[(\[]\s*$")
_HEADING = re.compile(
    r"(?:skills?|tech(?:nical)? (?:skills?|stack)|stack|languages?|기술|(?:기술|보유|사용) ?(?:기술|스택)|스킬)"
    r"\s*[:：]?\s*$"
)
_HEAD_LETTERS = 30
_TINY = 2
_SIGNS = frozenset(("", ",", "/", "·", "|", "\n", "-", "•", "*", ":", "(", ")", "、"))
_LETTERED = re.compile(
    r"(?:비타민|vitamin|series|시리즈|class|클래스|type|타입|hepatitis|group|그룹|grade|등급|plan)\s?$", re.IGNORECASE
)
"""Before a letter that is no language."""
_NEXT_WORD = re.compile(r"[\s\-]*([A-Za-z]+)")
_ADDRESS = re.compile(r"://|\.(?:com|org|net|io|kr|co|edu|gov)\b")
"""What follows a name that is part of an address on the web."""

_TIGHT = frozenset("&+#'’@_*-\u2011")
"""A name of one letter touches none of these: R&D, C-level, R's."""


@dataclass(frozen=True)
class Found:
    """A skill, where it stands (`text[start:end]`), and whether under its canonical name."""

    skill: str
    start: int
    end: int
    how: Literal["name", "alias"]


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    spelling: Spelling
    small: bool = False
    """Written without its capitals, as people do in lists of technologies."""


@dataclass
class _Text:
    """A text, the same in lower case, its parts (tokens at odd places, what is between at even ones), their starts."""

    text: str
    lower: str
    parts: list[str]
    starts: list[int]


class Finder:
    """Finds the skills of a taxonomy. Made once; `find` may be called from many threads."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._patterns: Patterns = compile_patterns(taxonomy)

    def find(self, text: str) -> list[Found]:
        """Every skill of the text in the order of their places, which do not overlap."""
        lower = _lowered(text)
        parts = TOKEN.split(lower)
        read = _Text(text, lower, parts, [0, *accumulate(map(len, parts))])
        hits = sorted([*self._latin(read), *self._hangul(read)], key=lambda hit: (hit.start, -hit.end))
        return [
            Found(hit.spelling.skill.name, hit.start, hit.end, "name" if hit.spelling.by_name else "alias")
            for hit in _in_company(text, lower, _apart(hits))
        ]

    def _latin(self, read: _Text) -> Iterator[_Hit]:
        trie, parts = self._patterns.trie, read.parts
        begun = [place for place in range(1, len(parts), 2) if parts[place] in trie]
        free = 0
        for place in begun:
            if place < free:
                continue
            hit, after = self._longest(read, place, trie[parts[place]])
            if hit is not None:
                free = after
                yield hit

    def _longest(self, read: _Text, place: int, node: Node) -> tuple[_Hit | None, int]:
        """The longest name that begins with this token, and the first token behind it."""
        parts, starts = read.parts, read.starts
        best: tuple[_Hit | None, int] = (None, place)
        begin, end = starts[place], starts[place + 1]
        while True:
            for spelling in node.ends:
                hit = _cased(read, _Hit(begin - spelling.dotted, end, spelling))
                if hit is not None and _bounded(read, hit):
                    best = hit, place + 2
                    break
            if place + 2 >= len(parts) or parts[place + 1] not in JOINTS:
                return best
            place += 2
            token = parts[place]
            follower = node.after.get(token)
            end = starts[place + 1]
            if follower is None and node.hangul:
                token = _stem(token, node)
                follower = node.after.get(token)
                end = starts[place] + len(token)
            if follower is None:
                return best
            node = follower

    def _hangul(self, read: _Text) -> Iterator[_Hit]:
        heads, parts = self._patterns.hangul, read.parts
        for place in range(1, len(parts), 2):
            run = parts[place]
            if not "가" <= run[0] <= "힣":
                continue
            at = known = 0
            while at < len(run):
                names = heads.get(run[at : at + 2] if at + 1 < len(run) else _across(parts, place, run))
                hit = self._named(read, place, at, known, names) if names else None
                if hit is None:
                    at += 1
                    continue
                yield hit
                at = known = hit.end - read.starts[place]

    def _named(self, read: _Text, place: int, at: int, known: int, names: list[HangulName]) -> _Hit | None:
        """The longest of the names that stands at `at` of this run, perhaps going on in the runs behind it."""
        run = read.parts[place]
        begins = at == known or korean.begins_well(run[max(at - korean.REACH, 0) : at])
        for name in names:
            if not (begins or len(name.joined) >= korean.LEADING):
                continue
            reached = _fits(read, place, at, name)
            if reached is None:
                continue
            end, rest = reached
            if len(name.joined) >= korean.ANYWHERE or korean.ends_well(rest) or self._another(rest):
                return _Hit(read.starts[place] + at, end, name.spelling)
        return None

    def _another(self, rest: str) -> bool:
        """Whether the rest of a run begins with the name of another skill."""
        return any(rest.startswith(name.joined) for name in self._patterns.hangul.get(rest[:2], ()))


def _lowered(text: str) -> str:
    """The text in lower case and of the same length, so that places mean the same in both."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _stem(token: str, node: Node) -> str:
    """The beginning of a Hangul token that goes on here and ends well, or the token."""
    for length in range(len(token) - 1, 0, -1):
        if token[:length] in node.after and (length >= korean.ANYWHERE or korean.ends_well(token[length:])):
            return token[:length]
    return token


def _across(parts: list[str], place: int, run: str) -> str:
    """The last syllable of a run with the first one of the next, when a blank parts them."""
    return run[-1] + parts[place + 2][:1] if place + 2 < len(parts) and parts[place + 1] in {" ", "\n"} else ""


def _fits(read: _Text, place: int, at: int, name: HangulName) -> tuple[int, str] | None:
    """Where the name ends and the letters behind it in its run; None when it does not stand there."""
    parts, wanted, done = read.parts, name.joined, 0
    while True:
        run = parts[place]
        piece = run[at : at + len(wanted) - done]
        if not wanted.startswith(piece, done):
            return None
        done += len(piece)
        if done == len(wanted):
            end = at + len(piece)
            return read.starts[place] + end, run[end : end + korean.MOST + 1]
        if done not in name.blanks or place + 2 >= len(parts) or parts[place + 1] not in {" ", "\n", "  ", " \n"}:
            return None
        place, at = place + 2, 0


def _bounded(read: _Text, hit: _Hit) -> bool:
    """Whether a name in Latin letters stands by itself, and in the case that it wants."""
    lower, start, end = read.lower, hit.start, hit.end
    before = lower[start - 1] if start > 0 else " "
    after = lower[end] if end < len(lower) else " "
    if hit.spelling.dotted and (start < 0 or lower[start] != "."):
        return False
    if _is_word(before) and not (before.isdigit() and not lower[start].isalnum()):
        return False
    if after.isdigit() and lower[end - 1].isalpha():
        if hit.spelling.single or (end + 1 < len(lower) and _is_word(lower[end + 1]) and not lower[end + 1].isdigit()):
            return False
    elif _is_word(after) or (after in "+#" and lower[end - 1] not in "+#"):
        return False
    if after in ":." and _ADDRESS.match(lower, end):
        return False
    if hit.spelling.single and (before in _TIGHT or after in _TIGHT):
        return False
    if hit.spelling.skill.not_next:
        next_word = _NEXT_WORD.match(read.text, end)
        return next_word is None or next_word[1].lower() not in hit.spelling.skill.not_next
    return True


def _cased(read: _Text, hit: _Hit) -> _Hit | None:
    """The hit when its case is right; marked when it is written small; None when it is another word."""
    spelling = hit.spelling
    if not spelling.exact:
        return hit
    written, wanted = (
        "".join(filter(str.isalnum, words)) for words in (read.text[max(hit.start, 0) : hit.end], spelling.text)
    )
    if written == wanted or (len(wanted) > 4 and written == wanted.upper()):
        return hit
    short = len(wanted) <= _TINY and spelling.by_name and written == wanted.upper()
    listed = (written == wanted.lower() or short) and spelling.skill.category in TECHNICAL
    return replace(hit, small=True) if listed else None


def _is_word(letter: str) -> bool:
    """Whether the letter would go on a Latin word or a number; Hangul does not, as particles follow at once."""
    return letter.isalnum() and not "가" <= letter <= "힣"


def _apart(hits: list[_Hit]) -> list[_Hit]:
    """Hits that do not overlap: the leftmost, and the longest of those."""
    kept: list[_Hit] = []
    for hit in hits:
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _in_company(text: str, lower: str, hits: list[_Hit]) -> list[_Hit]:
    """Without the doubtful names that stand alone, and those in small letters that stand in no list."""
    kept = []
    for place, hit in enumerate(hits):
        doubtful = hit.small or hit.spelling.doubtful
        if not doubtful or _vouched(text, lower, hits, place):
            kept.append(hit)
    return kept


def _vouched(text: str, lower: str, hits: list[_Hit], place: int) -> bool:
    """Whether another skill stands near. Doubtful ones vouch for each other only side by side, in a list."""
    hit = hits[place]
    if _LETTERED.search(text[max(hit.start - 12, 0) : hit.start]) and hit.spelling.single:
        return False
    if len(hit.spelling.text) <= _TINY and (hit.small or not hit.spelling.by_name):
        return _in_list(text, hits, place)
    technical = hit.spelling.skill.category in TECHNICAL
    for step in (-1, 1):
        other = place + step
        while 0 <= other < len(hits):
            one = hits[other]
            gap = (one.end, hit.start) if step < 0 else (hit.end, one.start)
            if gap[1] - gap[0] > COMPANY:
                break
            skill = one.spelling.skill
            fits = (skill.category in TECHNICAL or not technical) and skill.name != hit.spelling.skill.name
            sure = not (hit.small or one.small or one.spelling.doubtful)
            between = text[gap[0] : gap[1]]
            letters = hit.spelling.single and one.spelling.single and "and" in between
            if fits and not one.small and (sure or (_listed(between) and not letters)):
                return True
            other += step
    if not technical or hit.small:
        return False
    if hit.spelling.skill.category == "language" and _told_alone(lower, hit):
        return True
    talk = _TALK.search(lower, max(hit.start - 25, 0), hit.end + 25) is not None
    return talk or (not hit.spelling.single and "개발" in lower[hit.end : hit.end + 25])


def _in_list(text: str, hits: list[_Hit], place: int) -> bool:
    """Whether a name of one or two letters stands between the signs of a list, beside another technology."""
    hit = hits[place]
    before, after = text[max(hit.start - 3, 0) : hit.start].rstrip(" "), text[hit.end : hit.end + 3].lstrip(" ")
    if before[-1:] not in _SIGNS or after[:1] not in _SIGNS:
        return False
    for other, one in ((at, hits[at]) for at in (place - 1, place + 1) if 0 <= at < len(hits)):
        between = text[one.end : hit.start] if other < place else text[hit.end : one.start]
        if one.spelling.skill.category in TECHNICAL and not one.small and between.strip() and _listed(between):
            return True
    return False


def _told_alone(lower: str, hit: _Hit) -> bool:
    """Whether a language is told without company: used, behind an occupation, or first below or behind a heading."""
    start, end = hit.start, hit.end
    used = _USED.match(lower, end, end + 16)
    if used is not None or (lower[end : end + 1] in {")", "]"} and _OCCUPIED.search(lower[max(start - 16, 0) : start])):
        return True
    first = lower.rfind("\n", max(start - _HEAD_LETTERS, 0), start) + 1
    before = lower[max(first, start - _HEAD_LETTERS) : start]
    after = lower[end : end + 2].partition("\n")[0].strip()
    if after not in {"", ",", "/", "·"}:
        return False
    if not before.strip(" -*•·▪"):
        above = lower[max(first - 1 - _HEAD_LETTERS, 0) : max(first - 1, 0)].rpartition("\n")[2]
        return _HEADING.fullmatch(above.strip(" -*•·▪[]■#")) is not None
    return _HEADING.fullmatch(before.strip(" -*•·▪[]■#")) is not None and before.rstrip().endswith((":", "："))


def _listed(between: str) -> bool:
    """Whether only the signs of a list stand between two names."""
    return len(between) <= 8 and not any(
        map(str.isalnum, between.replace("and", "").replace("및", "").replace("or", ""))
    )


@cache
def load_finder() -> Finder:
    """The finder of the product's own taxonomy."""
    return Finder(load_taxonomy())
