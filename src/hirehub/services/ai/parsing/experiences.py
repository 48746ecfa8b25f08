"""Jobs: every period of an experience section begins one; company and position are read from the lines around it.

What is left of the entry behind its head is its description.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from hirehub.services.ai.parsing.dates import Dated, find_length
from hirehub.services.ai.parsing.heads import EDGE, LABELS, Head, is_name, read_heads
from hirehub.services.ai.parsing.model import Experience
from hirehub.services.ai.parsing.pages import Pages
from hirehub.services.ai.parsing.sections import Section
from hirehub.services.ai.parsing.titles import COMPANY, POSITION

MOST = 100
"""So many jobs are read of one resume."""

_ELSEWHERE = frozenset({"education", "certificates", "training", "languages", "achievements", "personal", "activities"})


def find_experiences(pages: Pages, sections: list[Section], dated: Sequence[Dated]) -> list[Experience]:
    """The jobs in the order of the text, `dated` being its periods."""
    found: list[Experience] = []
    starts = [one.start for one in dated]
    for start, end in _stretches(pages, sections):
        inside = dated[bisect_left(starts, start) : bisect_left(starts, end)]
        heads = list(read_heads(pages, inside, start, end))
        for place, (head, one) in enumerate(heads):
            after = heads[place + 1][0].start if place + 1 < len(heads) else end
            if head.is_job:
                found.append(_experience(pages, head, one, after))
    return found[:MOST]


def _stretches(pages: Pages, sections: list[Section]) -> Iterator[tuple[int, int]]:
    """Where jobs are looked for: the sections of experience; without any, all that is no other section."""
    named = [(one.start, one.end) for one in sections if one.kind == "experience"]
    if named:
        yield from named
        return
    at = 0
    for one in sections:
        if one.kind in _ELSEWHERE:
            if at < one.heading[0]:
                yield at, one.heading[0]
            at = one.end
    if at < len(pages.text):
        yield at, len(pages.text)


def _experience(pages: Pages, head: Head, dated: Dated, after: int) -> Experience:
    text = pages.text
    company, position = _labelled(text[head.start : after])
    position = position or next((one for one in head.pieces if POSITION.search(one) and len(one.split()) <= 8), None)
    company = company or next((one for one in head.pieces if COMPANY.search(one) and one != position), None)
    company = company or head.name or _other(head.beside, position)
    if company is None and position is not None:
        company = _other(head.pieces, position)
    body = text[min(head.body, after) : after].strip()
    line_end = text.find("\n", dated.end)
    beside = text[dated.end : min(line_end if line_end >= 0 else after, after, dated.end + 40)]
    trimmed = head.start + len(text[head.start : after].rstrip())
    return Experience(
        company=company.strip("㈜ ") if company else None,
        position=position,
        period=dated.period,
        months=find_length(beside),
        description=body,
        spans=pages.spans(head.start, max(trimmed, dated.end)),
    )


def _labelled(words: str) -> tuple[str | None, str | None]:
    """Company and position that stand behind a label."""
    company = position = None
    for match in LABELS.finditer(words):
        company = company or (match["c"] and match["c"].strip(EDGE)) or None
        position = position or (match["p"] and match["p"].strip(EDGE)) or None
    return company, position


def _other(pieces: Sequence[str], position: str | None) -> str | None:
    """The one other piece of the head that can be a name, when there is exactly one."""
    names = {one for one in pieces if one != position and find_length(one) is None and any(map(str.isalpha, one))}
    name = names.pop() if len(names) == 1 else None
    return name if name and (position is not None or is_name(name)) else None
