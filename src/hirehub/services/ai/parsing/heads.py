"""The head of a job: the lines around its period that tell who employed and as what.

Lines above a period belong to it only when they look like a head: short, no sentence, with a position, a company or a
separator. A line below belongs to it only when it tells what is still missing, and never when the next period's head
begins there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hirehub.services.ai.parsing.dates import Dated
from hirehub.services.ai.parsing.headings import is_heading
from hirehub.services.ai.parsing.pages import Line, Pages
from hirehub.services.ai.parsing.titles import COMPANY, POSITION, is_gap, is_study

LABELS = re.compile(
    r"(?P<company>회사명|회사|근무처|직장명|company|employer|organization)\s*[:：]\s*(?P<c>[^\n|,]{1,80})"
    r"|(?P<position>직위|직책|직급|직무|담당직무|포지션|title|position|job title|role)\s*[:：]\s*(?P<p>[^\n|,]{1,80})",
    re.IGNORECASE,
)
EDGE = " \t\n,.:;|/-–—~→()[]<>•·*#\u200b\ufeff"
_PIECES = re.compile(r"\s+[|/·•@]\s+|\s*[|｜•]\s*|\s+[-–—]\s+|,\s+|\s+at\s+|\t+|\s{2,}|\s*[()]\s*")
_SHORTENED = re.compile(
    r"\b(?:inc|ltd|co|corp|llc|plc|bros|pvt|gmbh|l\.l\.c|s\.a|n\.a|u\.s(?:\.a)?|jr|sr)\.$", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•·▪■◦ㆍ○●◆▶>]|\d+[.)])\s+")
_LABELLED = re.compile(r"^\s*[^:：\n]{2,14}[:：]")
_PERIOD = re.compile(r"^(?:(?:근무|재직)?\s*기간|period|duration|dates?)$", re.IGNORECASE)
_MARK = re.compile(r"\(주\)|주식회사\s*")
_DOING = re.compile(
    r"(?:개발|운영|구축|설계|관리|담당|수행|참여|개선|업무|지원|작성|분석|진행|도입|적용|구현|처리|및|경험|활용|사용|제작|기획|보수|테스트|배포)$"
)
_SMALL = frozenset({"of", "and", "the", "for", "&"})
_LONG_HEAD, _HEAD_WORDS, _ABOVE, _BELOW, _BLOCK = 90, 12, 2, 4, 6


@dataclass(frozen=True)
class Head:
    """The head of an entry: where it begins, its lines in pieces without the period, and where the rest begins.

    `beside` are the pieces of the period's own line; `name` is a line above that can only be the employer's name.
    An entry that is a gap or a time at a school is no job.
    """

    start: int
    pieces: tuple[str, ...]
    beside: tuple[str, ...]
    name: str | None
    body: int
    is_job: bool

    @property
    def tells(self) -> bool:
        """Whether it tells a position or a company."""
        return any(POSITION.search(one) or COMPANY.search(one) for one in self.pieces)


def read_heads(pages: Pages, dated: Sequence[Dated], start: int, end: int) -> Iterator[tuple[Head, Dated]]:
    """The entries of a stretch in order: the first period of every line begins one."""
    firsts = _first_of_lines(pages.text, dated)
    floor = start
    leading = bool(firsts) and any(
        line.words.strip(EDGE) for line in pages.lines(start, _line_start(pages.text, firsts[0].start, start))
    )
    for at, one in enumerate(firsts):
        limit = end
        if at + 1 < len(firsts):
            following = firsts[at + 1].start
            limit = _line_start(pages.text, following, floor)
            if leading:
                limit = _top(pages, firsts[at + 1], _line_end(pages.text, one.end, end), end)
        head = read_head(pages, one, floor, limit, end, leading=leading)
        floor = head.body
        yield head, one


def read_head(pages: Pages, dated: Dated, floor: int, limit: int, end: int, *, leading: bool) -> Head:
    """The lines around a period, none above `floor`, below only up to `limit`; `leading` where heads stand above."""
    text = pages.text
    first, last = _line_start(text, dated.start, floor), _line_end(text, dated.end, end)
    own = f"{text[first : dated.start]}\t{text[dated.end : last]}"
    beside = [*_split(text[first : dated.start]), *_split(text[dated.end : last])]
    body = min(last + 1, end)
    if is_gap(own) or is_study(own):
        return Head(first, tuple(beside), tuple(beside), None, body, is_job=False)
    above, name = _above(pages, first, floor, beside, named=leading)
    start = above[0].start if above else first
    near = ""
    if not beside:
        under = next((line.words for line in pages.lines(body, limit) if line.words.strip(EDGE)), "")
        near = above[-1].words if above else under
    pieces = [piece for line in above if not _label(line.words) for piece in _split(line.words)] + beside
    if is_gap(near) or is_study(near):
        return Head(start, tuple(pieces), tuple(beside), None, body, is_job=False)
    labelled = any(_is_company_label(words) for words in (*(line.words for line in above), own))
    below, body = _below(pages, body, max(limit, body), [*pieces, *([name] if name else [])], labelled=labelled)
    return Head(start, (*pieces, *below), tuple(beside), name, min(body, end), is_job=True)


def find_job_places(pages: Pages, dated: Sequence[Dated]) -> list[int]:
    """Where the periods stand whose own head tells a position or a company: jobs that follow, whatever stands above."""
    firsts = _first_of_lines(pages.text, dated)
    found: list[int] = []
    floor, job = 0, None
    for at, one in enumerate(firsts):
        after = firsts[at + 1].start if at + 1 < len(firsts) else len(pages.text)
        limit = _line_start(pages.text, after, floor)
        head = read_head(pages, one, floor, limit, len(pages.text), leading=True)
        floor = _line_end(pages.text, one.end, len(pages.text))
        bulleted = _BULLET.match(pages.text[_line_start(pages.text, one.start, 0) : one.end])
        if head.is_job and head.tells and not bulleted and not (job and _lies_in(one, job)):
            found.append(one.start)
            job = one
    return found


def _lies_in(one: Dated, other: Dated) -> bool:
    """Whether a period is a part of another one, as that of a project is of its job's."""
    first, second = one.period, other.period
    if first.start < second.start or first == second:
        return False
    return second.end is None or (first.end is not None and first.end <= second.end)


def _first_of_lines(text: str, dated: Sequence[Dated]) -> list[Dated]:
    kept: list[Dated] = []
    reached = -1
    for one in dated:
        if one.start > reached:
            kept.append(one)
            reached = _line_end(text, one.end, len(text))
    return kept


def _line_start(text: str, at: int, floor: int) -> int:
    return max(text.rfind("\n", floor, at) + 1, floor)


def _line_end(text: str, at: int, end: int) -> int:
    after = text.find("\n", at, end)
    return end if after < 0 else after


def _top(pages: Pages, dated: Dated, floor: int, end: int) -> int:
    """Where the head of an entry begins whose lines stand above its period."""
    text = pages.text
    first, last = _line_start(text, dated.start, floor), _line_end(text, dated.end, end)
    above, _ = _above(
        pages, first, floor, [*_split(text[first : dated.start]), *_split(text[dated.end : last])], named=True
    )
    return above[0].start if above else first


def _above(
    pages: Pages, start: int, floor: int, beside: Sequence[str], *, named: bool
) -> tuple[list[Line], str | None]:
    """The lines of the head above a period's line, and the one of them that is but a name."""
    lines = _lines_above(pages, floor, start)
    block = _block(lines)
    if block:
        return block, None
    taken: list[Line] = []
    for line in lines:
        if len(taken) == _ABOVE or not like_head(line.words):
            break
        taken.insert(0, line)
    pieces = [*(piece for line in taken for piece in _split(line.words)), *beside]
    leading = named or bool(taken and not beside)
    if leading and len(lines) > len(taken) and not any(COMPANY.search(one) for one in pieces):
        line = lines[len(taken)]
        next_start = taken[0].start if taken else start
        alone = all(POSITION.search(one) for one in pieces)
        if alone and line.end + 1 == next_start and is_name(line.words):
            return [line, *taken], line.words.strip(EDGE)
    return taken, None


def _block(lines: Sequence[Line]) -> list[Line]:
    """The lines with labels right above, when one of them is the company's: the nearest is last."""
    block: list[Line] = []
    for line in lines[:_BLOCK]:
        if not _LABELLED.match(line.words) or (block and line.end + 1 != block[0].start):
            break
        block.insert(0, line)
        if _is_company_label(line.words):
            return block
    return []


def _lines_above(pages: Pages, floor: int, start: int) -> list[Line]:
    """The lines between, the nearest first; at most one blank one is passed over."""
    found, blanks = [], 0
    for line in reversed(list(pages.lines(max(floor, start - 400), start))):
        if line.start < floor or line.start >= start:
            continue
        if not line.words.strip(EDGE):
            blanks += 1
            if blanks > 2:
                break
            continue
        found.append(line)
    return found


def _below(pages: Pages, start: int, limit: int, known: list[str], *, labelled: bool) -> tuple[list[str], int]:
    """The pieces of the lines below that tell what is missing, and where the rest of the entry begins."""
    kept: list[str] = []
    waiting: list[str] = []
    body, seen = start, 0
    for line in pages.lines(start, limit):
        if not line.words.strip(EDGE):
            continue
        seen += 1
        label = _label(line.words)
        both = _has_both([*known, *kept])
        if seen > _BELOW or (not label and (both or not like_head(line.words, below=True))):
            break
        if label and _is_company_label(line.words):
            if labelled:
                break
            labelled = True
        pieces = [] if label else _split(line.words)
        if label or _adds(line.words, [*known, *kept]):
            kept += [*waiting, *pieces]
            waiting = []
            body = line.end + 1
        else:
            waiting += pieces
    return kept, body


def _adds(words: str, known: Sequence[str]) -> bool:
    """Whether a line tells a position or an employer that is not known yet."""
    if POSITION.search(words) and not any(POSITION.search(one) for one in known):
        return True
    if any(COMPANY.search(one) for one in known):
        return False
    named = any(not POSITION.search(one) and any(map(str.isalpha, one)) for one in known)
    return COMPANY.search(words) is not None or (not named and len(words) <= 20 and _DOING.search(words) is None)


def _label(words: str) -> re.Match[str] | None:
    return LABELS.match(words.lstrip("-*•·▪ \t"))


def _is_company_label(words: str) -> bool:
    label = _label(words.strip())
    return label is not None and label["company"] is not None


def _ends_sentence(words: str, ends: tuple[str, ...]) -> bool:
    """Whether a line ends as a sentence does; the stop behind `Inc.` ends none."""
    plain = words.rstrip()
    return plain.endswith(ends) and not _SHORTENED.search(plain[-12:])


def like_head(words: str, *, below: bool = False) -> bool:
    """Whether a line looks like part of a job's head and not like a sentence or a bullet."""
    plain = words.strip(EDGE)
    if not plain or len(words) > _LONG_HEAD or len(plain.split()) > _HEAD_WORDS or _BULLET.match(words):
        return False
    if _ends_sentence(words, (".", ";", "다", "음", "함")) or is_heading(words):
        return False
    telling = POSITION.search(plain) is not None or COMPANY.search(plain) is not None
    if below:
        return len(plain.split()) <= 6 and (telling or len(plain) <= 20)
    return telling or "|" in words or is_gap(plain)


def is_name(words: str) -> bool:
    """Whether a line, or a piece of one, can be nothing but a name: few words, each a name's, nothing done."""
    plain = words.strip(EDGE)
    if not 2 <= len(plain) <= 30 or _BULLET.match(words) or any(one in words for one in ",:：|;"):
        return False
    if _ends_sentence(words, (".", "다", "음", "함")) or _DOING.search(plain) or not any(map(str.isalpha, plain)):
        return False
    if is_heading(words):
        return False
    parts = plain.split()
    return len(parts) <= 4 and all(one in _SMALL or not one[0].islower() for one in parts)


def _split(words: str) -> list[str]:
    parts = (part.strip(EDGE) for part in _PIECES.split(_MARK.sub("㈜", words)) if part)
    return [part for part in parts if part and not _PERIOD.match(part)]


def _has_both(pieces: Sequence[str]) -> bool:
    return any(POSITION.search(one) for one in pieces) and any(COMPANY.search(one) for one in pieces)
