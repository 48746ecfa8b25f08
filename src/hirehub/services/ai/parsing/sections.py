"""Sections of a resume by their headings, Korean and English.

What a job tells under a heading of its own, as its tools, its successes or its projects, stays in the section of jobs
as long as another job follows there.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hirehub.services.ai.parsing.dates import Dated
from hirehub.services.ai.parsing.headings import heading_kind, is_of_a_job, label_kind
from hirehub.services.ai.parsing.heads import find_job_places
from hirehub.services.ai.parsing.pages import Line, Pages

_INSIDE = frozenset({"skills", "achievements", "projects", "summary"})
"""Headings that a job may have inside it."""


@dataclass(frozen=True)
class Section:
    """A section: its heading's place, and its content `text[start:end]`."""

    kind: str
    heading: tuple[int, int]
    start: int
    end: int


@dataclass(frozen=True)
class _Heading:
    """A line that may open a section; `is_label` where content stands behind it; `is_close` right below a line."""

    kind: str
    line: Line
    content: int
    is_label: bool
    is_close: bool

    @property
    def may_be_inside(self) -> bool:
        """Whether it may stand inside a job."""
        if self.is_label:
            return self.kind != "education"
        return self.kind in _INSIDE and (self.kind != "projects" or is_of_a_job(self.line.words))


def find_sections(pages: Pages, dated: Sequence[Dated]) -> list[Section]:
    """The sections in order, `dated` being the text's periods. What stands before the first heading is in none."""
    heads = list(_opening(pages, list(_headings(pages)), dated))
    if not heads:
        return []
    ends = [one.line.start for one in heads[1:]] + [len(pages.text)]
    return [
        Section(one.kind, (one.line.start, one.content), one.content, end) for one, end in zip(heads, ends, strict=True)
    ]


def _headings(pages: Pages) -> Iterator[_Heading]:
    """Every line that is a heading, or that begins with one as its label."""
    close = False
    for line in pages.lines():
        if kind := heading_kind(line.words):
            yield _Heading(kind, line, line.end, is_label=False, is_close=close)
        elif label := label_kind(pages.text[line.start : line.end]):
            yield _Heading(label[0], line, line.start + label[1], is_label=True, is_close=close)
        close = bool(line.words)


def _opening(pages: Pages, heads: Sequence[_Heading], dated: Sequence[Dated]) -> Iterator[_Heading]:
    """Those that open a section and do not stand inside a job or a project."""
    if not any(one.may_be_inside for one in heads):
        yield from heads
        return
    jobs = find_job_places(pages, dated)
    stops, stop = [], len(pages.text)
    for one in reversed(heads):
        stops.append(stop)
        stop = stop if one.may_be_inside else one.line.start
    inside = ""
    for one, end in zip(heads, reversed(stops), strict=True):
        if inside in {"experience", "projects"} and one.may_be_inside:
            at = bisect_left(jobs, one.line.end)
            followed = inside == "experience" and at < len(jobs) and jobs[at] < end
            beside = one.is_label and one.is_close and one.kind in _INSIDE | {inside}
            if followed or beside:
                continue
        inside = one.kind
        yield one
