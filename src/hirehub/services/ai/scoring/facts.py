"""From what parsing read to what the scorer may know.

Nothing of an education goes over, nor a skill whose only place persons.py bars: a school or a person may bear the name
of a skill.
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from hirehub.services.ai.parsing.model import Asked, Experience, Post, PostPart, PostSpan, Resume, Span, Wish
from hirehub.services.ai.parsing.pages import MOST_LETTERS
from hirehub.services.ai.parsing.places import Places
from hirehub.services.ai.parsing.posts import stretches_of
from hirehub.services.ai.scoring.headlines import headline
from hirehub.services.ai.scoring.model import (
    AskedSkill,
    JobFact,
    PostFacts,
    ResumeFacts,
    SkillFact,
    Stated,
    Wanted,
    WantedYears,
)
from hirehub.services.ai.scoring.persons import barred_spans
from hirehub.services.ai.work.reader import load_reader

MOST_WORDS = 300
"""So many words of work of a resume or a post count."""
MOST_SHOWN = 40
"""So many skills can the text of a job or the projects show: what names more is a list."""
_LONGEST_TITLE = 200


def resume_facts(resume: Resume, pages: Sequence[tuple[int, str]], *, today: dt.date) -> ResumeFacts:
    """The facts of a parsed resume. `pages` are those that it was parsed from; a job under way lasts until `today`."""
    spans = barred_spans(resume, pages)
    barred = _Barred(spans)
    places = {one.name: tuple(span for span in one.spans if not barred.holds(span)) for one in resume.skills}
    shown = _shown(resume, places)
    done = {name for names in shown.values() for name in names}
    skills = tuple(SkillFact(name, found, name not in done) for name, found in places.items() if found)
    counts, first = _words(resume.experiences, dict(pages), barred)
    return ResumeFacts(
        skills=skills,
        jobs=tuple(_jobs(resume.experiences, shown, dict(pages), barred, today)),
        stated_months=resume.stated_months,
        stated_spans=(resume.stated_span,) if resume.stated_span else (),
        work_form=_stated(resume.work_form),
        remote=_stated(resume.remote),
        place=_stated(resume.place),
        languages=tuple(Stated(one.name, one.spans) for one in resume.languages),
        work=tuple(
            (form, counts[form], first[form].page, first[form].start, first[form].end) for form in _heaviest(counts)
        ),
        headline=headline(resume, pages, spans, counts),
    )


class _Barred:
    """Those places by their pages."""

    def __init__(self, spans: Iterable[Span]) -> None:
        pages: dict[int, list[tuple[int, int]]] = {}
        for span in spans:
            pages.setdefault(span.page, []).append((span.start, span.end))
        self._pages = {number: Places(places) for number, places in pages.items()}

    def holds(self, span: Span) -> bool:
        """Whether all of the span stands in one of them."""
        return span.page in self._pages and self._pages[span.page].hold(span.start, span.end)


def _shown(resume: Resume, places: Mapping[str, Sequence[Span]]) -> dict[tuple[Span, ...], list[str]]:
    """The skills that the text of each job and of each section of projects shows: the first ones, as text tells it."""
    mentions = sorted((span, name) for name, spans in places.items() for span in spans)
    shown: dict[tuple[Span, ...], list[str]] = {}
    for own in (*(job.spans for job in resume.experiences), *_projects(resume)):
        first: dict[str, None] = {}
        for span in own:
            for at in range(bisect_left(mentions, (Span(span.page, span.start, 0), "")), len(mentions)):
                mention, name = mentions[at]
                if mention.page != span.page or mention.start >= span.end or len(first) == MOST_SHOWN:
                    break
                if mention.end <= span.end:
                    first[name] = None
        shown[own] = list(first)
    return shown


def _projects(resume: Resume) -> Iterator[tuple[Span, ...]]:
    """The sections of projects, each until the next heading or the end of its page."""
    heads = [*resume.sections, ("", Span(0, 0, 0))]
    for (kind, head), (_, after) in pairwise(heads):
        if kind == "projects":
            yield (Span(head.page, head.start, after.start if after.page == head.page else MOST_LETTERS),)


def _jobs(
    experiences: Sequence[Experience],
    shown: Mapping[tuple[Span, ...], Sequence[str]],
    pages: Mapping[int, str],
    barred: _Barred,
    today: dt.date,
) -> Iterator[JobFact]:
    """The jobs whose begin and end are known."""
    present = today.year * 12 + today.month
    for job in experiences:
        if job.period is None or (job.period.end is None and not job.period.is_current):
            continue
        end = present if job.period.end is None else min(job.period.end.number, present)
        if job.period.start.number >= end:
            continue
        role = _role(job, pages, barred)
        yield JobFact(job.period.start.number, end, tuple(sorted(shown[job.spans])), job.spans, role)


def _role(job: Experience, pages: Mapping[int, str], barred: _Barred) -> tuple[tuple[str, int, int, int], ...]:
    """The words of work in a job's position, each once, where the position stands in the job's text."""
    if not job.position:
        return ()
    for span in job.spans:
        at = pages[span.page].find(job.position, span.start, span.end)
        if at >= 0:
            found = {one.form: one for one in reversed(list(load_reader().find(job.position[:_LONGEST_TITLE])))}
            places = [(one.form, span.page, at + one.start, at + one.end) for one in found.values()]
            return tuple(sorted(one for one in places if not barred.holds(Span(*one[1:]))))
    return ()


def _words(
    experiences: Sequence[Experience], pages: Mapping[int, str], barred: _Barred
) -> tuple[Counter[str], dict[str, Span]]:
    """The words of work in the texts of the jobs, without the names of those who employed: how often, where first."""
    first: dict[str, Span] = {}
    counts: Counter[str] = Counter()
    for job in experiences:
        for span in job.spans:
            text = pages[span.page][span.start : span.end]
            employer = text.find(job.company) if job.company else -1
            hidden = range(employer, employer + len(job.company or "")) if employer >= 0 else range(0)
            for one in load_reader().find(text):
                place = Span(span.page, span.start + one.start, span.start + one.end)
                if one.start in hidden or barred.holds(place):
                    continue
                counts[one.form] += 1
                first.setdefault(one.form, place)
    return counts, first


def _heaviest(counts: Mapping[str, int]) -> list[str]:
    """The words that tell most, at most so many, in the order of the alphabet."""
    weights = load_reader().table.weights
    return sorted(sorted(counts, key=lambda form: (-weights[form] * counts[form].bit_length(), form))[:MOST_WORDS])


def _stated(wish: Wish | None) -> Stated | None:
    return Stated(wish.value, wish.spans) if wish is not None else None


def post_facts(post: Post, parts: Mapping[PostPart, str]) -> PostFacts:
    """The facts of a parsed post. `parts` are those that it was parsed from."""

    def words(span: PostSpan) -> str:
        return parts[span.part][span.start : span.end]

    def wanted(asked: Asked | None) -> Wanted | None:
        return Wanted(asked.value, words(asked.span), asked.span) if asked is not None else None

    years = None
    if post.years is not None and post.years.least is not None:
        years = WantedYears(post.years.least, words(post.years.span), post.years.span)
    return PostFacts(
        skills=tuple(AskedSkill(one.name, one.preferred, words(one.spans[0]), one.spans) for one in post.skills),
        years=years,
        work_form=wanted(post.work_form),
        remote=wanted(post.remote),
        place=wanted(post.place),
        languages=tuple(Wanted(one.value, words(one.span), one.span) for one in post.languages),
        role=_title(parts.get("title", "")),
        work=_asked_work(post, parts),
    )


def _title(title: str) -> tuple[tuple[str, str, int, int], ...]:
    """The words of work in a post's title, each once."""
    title = title[:_LONGEST_TITLE]
    found = {one.form: one for one in reversed(list(load_reader().find(title)))}
    return tuple(sorted((one.form, title[one.start : one.end], one.start, one.end) for one in found.values()))


def _asked_work(post: Post, parts: Mapping[PostPart, str]) -> tuple[tuple[str, str, int, PostPart, int, int], ...]:
    """The words of work in all that a post says of the work and of who shall do it: the heaviest ones.

    Those that name a skill in a list of what is required or preferred count as the skill alone: one more that somebody
    lacks must not bring in words that they have.
    """
    named: dict[PostPart, list[tuple[int, int]]] = {}
    for span in (span for skill in post.skills for span in skill.spans):
        named.setdefault(span.part, []).append((span.start, span.end))
    places = {part: Places(spans) for part, spans in named.items()}
    first: dict[str, tuple[PostPart, int, int]] = {}
    counts: Counter[str] = Counter()
    for part, kind, start, end in stretches_of(parts):
        if kind in {"benefits", "location"}:
            continue
        listed = kind in {"required", "preferred"}
        for one in load_reader().find(parts[part][start:end]):
            if listed and part in places and places[part].touch(start + one.start, start + one.end):
                continue
            counts[one.form] += 1
            first.setdefault(one.form, (part, start + one.start, start + one.end))
    rows = ((form, *first[form]) for form in _heaviest(counts))
    return tuple((form, parts[part][start:end], counts[form], part, start, end) for form, part, start, end in rows)
