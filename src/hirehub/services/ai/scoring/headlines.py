"""What a resume calls its person at the top: `Senior Accountant`, `백엔드 개발자`.

A headline is nothing but words of work, one of them an occupation that is hardly anybody's name. One other word on the
line, be it a name, a mask, a school or a gender, and the line is none: which other word it is then changes no number,
and a name that masking has missed does what a masked one does. Only words are taken that the jobs' texts use too.
"""

import re
from collections.abc import Collection, Sequence

from hirehub.services.ai.parsing.model import Resume, Span
from hirehub.services.ai.parsing.places import Places
from hirehub.services.ai.work.reader import WorkWord, load_reader
from hirehub.services.ai.work.stems import stem

_LINES, _LETTERS, _WORDS, _DIGITS = 8, 100, 12, 5
"""So many lines from the top are looked at; longer ones are sentences, those with more digits are no headlines."""
_WORD = re.compile(r"[^\W\d_]+")
_HANGUL = re.compile(r"[가-힣]")
_LEAST_HANGUL = 4
"""Names have fewer letters."""
_KOREAN_ENDS = frozenset("자사원직가")
_LISTED = """
accountant administrator adviser advisor agent aide analyst animator apprentice architect artist assistant associate
attendant attorney auditor barista bartender bookkeeper broker caregiver cashier chef clerk coach consultant controller
coordinator counselor custodian dentist designer developer dietitian director drafter editor electrician engineer
estimator executive firefighter foreman generalist handler housekeeper hygienist illustrator inspector installer
instructor intern interpreter janitor journalist lawyer lecturer librarian machinist manager marketer mechanic
merchandiser musician nurse nutritionist officer operator paralegal paramedic pharmacist photographer physician planner
plumber president producer professor programmer receptionist recruiter reporter representative researcher salesperson
scientist secretary specialist strategist superintendent supervisor surgeon surveyor teacher technician technologist
tester therapist trainee trainer translator tutor underwriter waiter welder worker writer
"""
_OCCUPATIONS = frozenset(map(stem, _LISTED.split()))
"""Not cook, baker, mason or driver: a line of them may be somebody's name."""
_JOINING = frozenset(("and", "or", "of", "the", "to", "in", "for", "at", "with", "as", "ii", "iii", "iv", "및"))
_SENTENCE = (".", ";", ",", "다", "요", "음", "함")


def headline(
    resume: Resume, pages: Sequence[tuple[int, str]], barred: Sequence[Span], used: Collection[str]
) -> tuple[tuple[str, int, int, int], ...]:
    """The words of work of the first line that tells an occupation, above all sections and jobs: form and place."""
    page, text = min(((number, text) for number, text in pages if number > 0), default=(0, ""))
    end = top_end(resume, page, text)
    hidden = Places((span.start, span.end) for span in barred if span.page == page)
    at, looked = 0, 0
    while at < end and looked < _LINES:
        after = text.find("\n", at, end)
        after = end if after < 0 else after
        line = text[at : min(after, at + _LETTERS + 1)]
        if line.strip():
            looked += 1
            if like_headline(line):
                found = _told(line, page, at, hidden, used)
                if found:
                    return found
        at = after + 1
    return ()


def top_end(resume: Resume, page: int, text: str) -> int:
    """Where the first section or job of a page begins."""
    heads = [span for _, span in resume.sections] + [span for job in resume.experiences for span in job.spans]
    return min((span.start for span in heads if span.page == page), default=len(text))


def words_of(line: str) -> list[tuple[int, int]]:
    """The places of a line's words but those that join others."""
    return [match.span() for match in _WORD.finditer(line) if match[0].lower() not in _JOINING]


def tells_occupation(line: str, start: int, end: int, found: Sequence[WorkWord]) -> bool:
    """Whether a stretch of a line names an occupation that is hardly anybody's name."""
    inside = [one for one in found if start <= one.start and one.end <= end]
    if not _OCCUPATIONS.isdisjoint(one.form for one in inside):
        return True
    hangul = line[start:end]
    return bool(inside) and len(_HANGUL.findall(hangul)) > 2 and hangul[-1] in _KOREAN_ENDS


def like_headline(line: str) -> bool:
    """Whether a line is short and no sentence."""
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
    """The line's words of work, each once, where it holds no other word and one of them tells an occupation."""
    table = load_reader().table
    found = list(load_reader().find(line))
    words = words_of(line)
    if "[" in line or not all(tells_work(line[start:end], start, found) for start, end in words):
        return ()
    if len(_HANGUL.findall(line)) < _LEAST_HANGUL and _OCCUPATIONS.isdisjoint(one.form for one in found):
        return ()
    rows = {
        one.form: (one.form, page, at + one.start, at + one.end)
        for one in reversed(found)
        if one.form in used and not hidden.hold(at + one.start, at + one.end)
    }
    return tuple(sorted(rows.values())) if any(table.titles.get(form) for form in rows) else ()


def tells_work(word: str, start: int, found: Sequence[WorkWord]) -> bool:
    """Whether words of work make up all of a word, or all but the letter with which Korean ends an occupation."""
    left = set(range(start, start + len(word)))
    for one in found:
        left.difference_update(range(one.start, one.end))
    return not left or (left == {start + len(word) - 1} and word[-1] in _KOREAN_ENDS and len(word) > 1)
