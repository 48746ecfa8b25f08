"""The places of a resume that no comparison may look at: educations, lines of personal details, what may be a name.

Nothing here asks whether a school or a name is known: a whole section of education is barred, and at the top of a
resume every short run of words that is neither the name of an occupation nor of a skill. So an unknown school and a
name that masking has missed change what a known and a masked one do: nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hirehub.services.ai.parsing.model import Resume, Span
from hirehub.services.ai.parsing.pages import MOST_LETTERS
from hirehub.services.ai.parsing.titles import degree_of
from hirehub.services.ai.scoring.headlines import like_headline, tells_occupation, tells_work, top_end, words_of
from hirehub.services.ai.skills.finder import Found, load_finder
from hirehub.services.ai.work.reader import SCHOOLS, WorkWord, load_reader

_PERSONAL = re.compile(
    r"^\s*(?:이름|성명|성별|나이|생년월일|생일|주소|연락처|전화|휴대폰|이메일|결혼|혼인|국적|학교|출신\s*학교|name"
    r"|full name"
    r"|gender"
    r"|sex"
    r"|age"
    r"|date of birth"
    r"|birth|address|phone|e-?mail|marital status|nationality|school|university|photo)\s*(?:여부)?\s*[:：].*$",
    re.IGNORECASE | re.MULTILINE,
)
_STUDY = re.compile(r"[가-힣]{1,20}\s?(?:학과|학부|전공)(?![가-힣])")
_NO_DEGREE = re.compile(r"\b(?:scrum|web)\s?masters?\b|\bmaster\s?(?:data|plan)\b", re.IGNORECASE)
_LONG_STUDY = 160
_LINES, _FEW, _NAME = 8, 3, 6
"""So many lines from the top are looked at; so few words are no sentence; a name and what it is told with has no more
words."""
_PIECES = re.compile(r"[,，|｜·•/;:：()\t–—]|\s[-~&]\s|\s{2,}|\s(?:and|or|of|in|with|at|for|및)\s")
_HANGUL = re.compile(r"[가-힣]")
_HANGUL_NAME = 4
_PARTICLES = frozenset(("de", "del", "da", "di", "la", "le", "van", "von", "der", "den", "bin", "al", "el"))
_GIVEN = frozenset(("charity", "faith", "grace", "hope", "joy", "julia", "ruby", "jasmine", "summer", "april", "june"))
"""Given names that are words of work or skills too: what begins with one is no headline."""


def barred_spans(resume: Resume, pages: Sequence[tuple[int, str]]) -> list[Span]:
    """Those places."""
    barred = [span for education in resume.educations for span in education.spans]
    studied = list(_sections(resume, pages, "education"))
    barred += studied or [span for page in pages for span in _studies(*page)]
    for number, text in pages:
        barred += [Span(number, *one.span()) for pattern in (_PERSONAL, SCHOOLS) for one in pattern.finditer(text)]
    for span in _sections(resume, pages, "personal"):
        barred += _names(dict(pages)[span.page], span, MOST_LETTERS, first=False)
    number, text = min(((number, text) for number, text in pages if number > 0), default=(0, ""))
    return barred + list(_names(text, Span(number, 0, top_end(resume, number, text)), _LINES, first=True))


def _sections(resume: Resume, pages: Sequence[tuple[int, str]], wanted: str) -> Iterator[Span]:
    """The sections of a kind, each until the next heading, on every page that it reaches."""
    heads = [*resume.sections, ("", Span(max((number for number, _ in pages), default=0) + 1, 0, 0))]
    for (kind, head), (_, after) in pairwise(heads):
        if kind != wanted:
            continue
        for number, text in pages:
            if head.page <= number <= after.page:
                start = head.start if number == head.page else 0
                end = after.start if number == after.page else len(text)
                if start < end:
                    yield Span(number, start, end)


def _studies(number: int, text: str) -> Iterator[Span]:
    """Where no heading tells: lines that name a degree or a field of study, whatever the school is."""
    at = 0
    for line in text.split("\n"):
        if 0 < len(line) <= _LONG_STUDY and (_STUDY.search(line) or degree_of(_NO_DEGREE.sub("", line))):
            yield Span(number, at, at + len(line))
        at += len(line) + 1


def _names(text: str, where: Span, most: int, *, first: bool) -> Iterator[Span]:
    """What may be a name in the first lines of a stretch."""
    at, looked = where.start, 0
    while at < where.end and looked < most:
        after = text.find("\n", at, where.end)
        after = where.end if after < 0 else after
        line = text[at:after] if after - at <= _LONG_STUDY else ""
        if line.strip():
            looked += 1
            for start, end in _in_line(line, first=first and looked == 1):
                yield Span(where.page, at + start, at + end)
        at = after + 1


def _in_line(line: str, *, first: bool) -> Iterator[tuple[int, int]]:
    """The pieces of a line that may be names: all, where a line is two of which one surely is (Cook, Taylor)."""
    if not like_headline(line) and len(line.split()) > _FEW:
        return
    skills, work = load_finder().find(line), list(load_reader().find(line))
    pieces = [span for span in _pieces(line) if words_of(line[slice(*span)])]
    named = {(one.start, one.end) for one in skills}
    first = first and (len(pieces) == 1 or not named.issuperset(pieces))
    doubtful = [
        span for at, span in enumerate(pieces) if _may_be_name(line, span, skills, work, first=first and at == 0)
    ]
    swapped = len(pieces) == 2 and len(doubtful) == 1 and all(len(line[a:b].split()) <= 2 for a, b in pieces)
    if swapped and "," in line and line[pieces[0][1] : pieces[1][0]].strip() == ",":
        doubtful = pieces if any(span in named for span in pieces if span not in doubtful) else doubtful
    yield from doubtful


def _pieces(line: str) -> Iterator[tuple[int, int]]:
    """The pieces of a line between its signs, without blanks around."""
    at = 0
    for start, end in [*(one.span() for one in _PIECES.finditer(line)), (len(line), len(line))]:
        piece = line[at:start]
        left = at + len(piece) - len(piece.lstrip())
        if piece.strip():
            yield left, left + len(piece.strip())
        at = end


def _may_be_name(
    line: str, span: tuple[int, int], skills: Sequence[Found], work: Sequence[WorkWord], *, first: bool
) -> bool:
    """Whether a piece holds a word that is none of work and no skill; or skills alone that stand as names do."""
    start, end = span
    piece = line[start:end]
    words = [(start + a, start + b) for a, b in words_of(piece)]
    if len(words) > _NAME or not (first or all(_like_name(line[a:b]) for a, b in words)):
        return False
    inside = [one for one in skills if start <= one.start and one.end <= end]
    if line[slice(*words[0])].lower() in _GIVEN and len(words) > 1:
        return True
    covered = {at for one in inside for at in range(one.start, one.end)}
    known = all(covered.issuperset(range(a, b)) or tells_work(line[a:b], a, work) for a, b in words)
    whole = any((one.start, one.end) == span for one in inside)
    occupied = tells_occupation(line, start, end, work)
    if not known or not inside or occupied:
        return not known
    if first:
        return not whole or len(words) == 1 or len(_HANGUL.findall(piece)) in range(1, _HANGUL_NAME + 1)
    return not whole and len(words) == 2 and all(any((one.start, one.end) == word for one in inside) for word in words)


def _like_name(word: str) -> bool:
    return not word[0].islower() or word in _PARTICLES
