"""The three parts of a score, each a list of evidence; the part is the weighted mean of the shares.

Shares are fractions, so that no order of adding changes a number. No evidence: the part is unknown.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from hirehub.services.ai.parsing.model import Span
from hirehub.services.ai.scoring.model import (
    AskedSkill,
    Evidence,
    JobFact,
    PostFacts,
    ResumeFacts,
    Rule,
    Stated,
    Wanted,
)
from hirehub.services.ai.skills.taxonomy import Taxonomy

TITLE, REQUIRED, PREFERRED = 48, 12, 4
"""A skill of the title weighs four times a required one, that three times a preferred one."""
COMMON = 3
"""A soft or common skill weighs so many times less: everybody writes it."""
FITS = Fraction(1, 3)
"""A job is wholly relevant from this share of what the post asks for; below it, in proportion."""
_HALF = Fraction(1, 2)


def mean(evidence: Iterable[Evidence]) -> Fraction | None:
    """The weighted mean of the shares, None without evidence."""
    listed = list(evidence)
    weight = sum(one.weight for one in listed)
    return sum((one.share * one.weight for one in listed), Fraction()) / weight if weight else None


def skill_evidence(resume: ResumeFacts, post: PostFacts, taxonomy: Taxonomy) -> Iterator[Evidence]:
    """One for each skill that the post asks for; none when either side names no skill."""
    if not resume.skills:
        return
    held = {skill.name: skill.spans for skill in resume.skills}
    for asked in post.skills:
        share, rule, spans, through = _held(asked, held, taxonomy)
        detail: tuple[str | int, ...] = (int(asked.preferred), through) if through else (int(asked.preferred),)
        weight = _weight(asked, taxonomy)
        yield Evidence("skill", rule, asked.name, weight, share, asked.words, asked.spans, spans, detail)


def _weight(asked: AskedSkill, taxonomy: Taxonomy) -> int:
    weight = PREFERRED if asked.preferred else REQUIRED
    if any(span.part == "title" for span in asked.spans):
        weight = TITLE
    return weight // COMMON if _is_common(asked, taxonomy) else weight


def _is_common(asked: AskedSkill, taxonomy: Taxonomy) -> bool:
    skill = taxonomy.skills.get(asked.name)
    return skill is not None and (skill.common or skill.category == "soft")


def _held(
    asked: AskedSkill, held: dict[str, tuple[Span, ...]], taxonomy: Taxonomy
) -> tuple[Fraction, Rule, tuple[Span, ...], str | None]:
    """How much of a skill the resume shows: all of it by name, else what the best of its skills implies."""
    if asked.name in held:
        return Fraction(1), "skill_named", held[asked.name], None
    through = {name: taxonomy.implied(name)[asked.name] for name in held if asked.name in taxonomy.implied(name)}
    if not through:
        return Fraction(), "skill_missing", (), None
    best = min(through, key=lambda name: (-through[name], name))
    return through[best], "skill_implied", held[best], best


def experience_evidence(resume: ResumeFacts, post: PostFacts, taxonomy: Taxonomy) -> Iterator[Evidence]:
    """Years asked against years worked, and the share of the worked months in jobs that show the post's skills."""
    worked = covered(resume.jobs)
    months = worked or resume.stated_months
    spans = tuple(span for job in resume.jobs for span in job.spans) if worked else resume.stated_spans
    if post.years is not None and months:
        least = post.years.least * 12
        share = min(Fraction(months, least), Fraction(1)) if least else Fraction(1)
        detail = (post.years.least, months)
        yield Evidence("experience", "years", "years", 1, share, post.years.words, (post.years.span,), spans, detail)
    if post.skills and worked:
        fits = [(job, _fit(job, post.skills, taxonomy)) for job in resume.jobs]
        relevant = _weighed(fits)
        shown = tuple(span for job, fit in fits if fit for span in job.spans)
        places = tuple(one.spans[0] for one in post.skills)
        words = ", ".join(one.words for one in post.skills)
        detail = (round(relevant), worked)
        yield Evidence("experience", "relevance", "relevance", 1, relevant / worked, words, places, shown, detail)


def _fit(job: JobFact, asked: tuple[AskedSkill, ...], taxonomy: Taxonomy) -> Fraction:
    """How much of what the post asks for the job's text shows, by name or implied: 1 from FITS on."""
    held: dict[str, tuple[Span, ...]] = dict.fromkeys(job.skills, ())
    weights = [(_weight(one, taxonomy), _held(one, held, taxonomy)[0]) for one in asked]
    share = sum((weight * met for weight, met in weights), Fraction()) / sum(weight for weight, _ in weights)
    return min(share / FITS, Fraction(1))


def _weighed(fits: list[tuple[JobFact, Fraction]]) -> Fraction:
    """Months of the jobs, each month once at the best fit of the jobs that cover it."""
    edges = sorted({edge for job, _ in fits for edge in (job.start, job.end)})
    total = Fraction()
    for start, end in pairwise(edges):
        best = max((fit for job, fit in fits if job.start <= start and end <= job.end), default=Fraction())
        total += best * (end - start)
    return total


def covered(jobs: Iterable[JobFact]) -> int:
    """Months that the jobs cover, each once. What lies between two jobs counts for nothing and against nothing."""
    total, reached = 0, -1
    for start, end in sorted((job.start, job.end) for job in jobs):
        total += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return total


def culture_evidence(resume: ResumeFacts, post: PostFacts) -> Iterator[Evidence]:
    """Only what both sides state: work form, remote work, place, languages."""
    if resume.work_form and post.work_form:
        same = Fraction(resume.work_form.value == post.work_form.value)
        yield _both("work_form", same, post.work_form, resume.work_form)
    if resume.remote and post.remote:
        one, other = resume.remote.value, post.remote.value
        share = Fraction(1) if one == other else _HALF if "hybrid" in {one, other} else Fraction()
        yield _both("remote", share, post.remote, resume.remote)
    if resume.place and post.place and not (post.remote and post.remote.value == "remote"):
        same = Fraction(resume.place.value == post.place.value)
        yield _both("place", same, post.place, resume.place)
    if resume.languages and post.languages:
        spoken = {one.value: one for one in resume.languages}
        for wanted in post.languages:
            known = spoken.get(wanted.value)
            share, spans = Fraction(known is not None), known.spans if known else ()
            yield Evidence("culture", "languages", wanted.value, 1, share, wanted.words, (wanted.span,), spans)


def _both(rule: Rule, share: Fraction, wanted: Wanted, stated: Stated) -> Evidence:
    detail = (wanted.value, stated.value)
    return Evidence("culture", rule, wanted.value, 1, share, wanted.words, (wanted.span,), stated.spans, detail)
