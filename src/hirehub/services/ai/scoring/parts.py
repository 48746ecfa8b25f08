"""The three parts of a score, each a list of findings; the part is the weighted mean of their shares.

Shares are pairs of whole numbers, so that no order of adding changes one. No finding: the part is unknown. A finding is
cheap; `findings.py` dresses it with places and words for those who read it.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from hirehub.services.ai.scoring.model import PARTS, Part, Rule, Wanted
from hirehub.services.ai.scoring.views import ALL, JobView, PostView, ResumeView, Vector

WORDS_LEAST = 48
"""The words of work weigh as much as all skills that the post names, and at least as much as one of its title."""
FEW_WORDS = 5
"""Fewer words than that of a side tell nothing."""
WORDS_FIT = 300_000
"""Words are wholly alike from this much of ALL on: two texts about the same work never use all words alike."""
SKILLS_FIT = 3
"""A job is wholly relevant when it shows one part in so many of what the post asks for; below it, in proportion."""
ROLE_FIT = 500_000
"""A position is wholly of the title's kind from this much of ALL on."""
YEARS, RELEVANCE, ROLE, LATEST = 1, 1, 3, 3
"""The weights inside the part experience: what the work was tells more than how long it was.

What somebody is now, by the headline or else the latest position, tells as much as all positions by their months.
"""


class Finding(NamedTuple):
    """What a rule found: the place in the list that it speaks of, its weight, and the share `met` of `whole`."""

    part: Part
    rule: Rule
    weight: int
    met: int
    whole: int
    at: int = 0


def findings(resume: ResumeView, post: PostView) -> list[Finding]:
    """All findings of a pair, part by part."""
    return [*_skills(resume, post), *_experience(resume, post), *_culture(resume, post)]


def means(found: Iterable[Finding]) -> dict[Part, Fraction | None]:
    """The weighted mean of the shares by part, None without a finding."""
    sums: dict[Part, dict[int, int]] = {part: {} for part in PARTS}
    weights: dict[Part, int] = dict.fromkeys(PARTS, 0)
    for part, _, weight, met, whole, _ in found:
        sums[part][whole] = sums[part].get(whole, 0) + weight * met
        weights[part] += weight
    return {part: _mean(sums[part], weights[part]) for part in PARTS}


def _mean(sums: dict[int, int], weight: int) -> Fraction | None:
    if not weight:
        return None
    above, below = 0, 1
    for whole, met in sums.items():
        above, below = above * whole + met * below, below * whole
    return Fraction(above, below * weight)


def _skills(resume: ResumeView, post: PostView) -> Iterator[Finding]:
    """One for each skill that the post asks for, when the resume names any; one for the words of work."""
    if resume.facts.skills:
        held = resume.held
        for at, (asked, weight) in enumerate(post.skills):
            share, through = held.get(asked.name, (0, None))
            yield Finding("skill", _found(share, through), weight, share, ALL, at)
    if min(len(resume.words), len(post.words)) >= FEW_WORDS:
        own = resume.words
        alike = sum(value * own.get(word, 0) for word, value in post.words)
        yield Finding("skill", "work_words", max(post.weight, WORDS_LEAST), min(alike, WORDS_FIT), WORDS_FIT)


def _found(share: int, through: str | None) -> Rule:
    if not share:
        return "skill_missing"
    if through is not None:
        return "skill_implied"
    return "skill_named" if share == ALL else "skill_listed"


def _experience(resume: ResumeView, post: PostView) -> Iterator[Finding]:
    """Years asked against years worked, and how much of the worked months was in jobs like the one of the post."""
    months = resume.worked or resume.facts.stated_months
    if post.facts.years is not None and months:
        least = post.facts.years.least * 12
        yield Finding("experience", "years", YEARS, min(months, least) if least else 1, least or 1)
    if not resume.worked:
        return
    if post.weight:
        whole = post.weight * ALL
        shares = [min(_shown(job, post) * SKILLS_FIT, whole) for job in resume.jobs]
        yield Finding("experience", "relevance", RELEVANCE, best_months(resume.jobs, shares), resume.worked * whole)
    if post.role:
        shares = [role_share(job.role, post) for job in resume.jobs]
        yield Finding("experience", "role", ROLE, best_months(resume.jobs, shares), resume.worked * ROLE_FIT)
        if resume.headline:
            yield Finding("experience", "headline", LATEST, role_share(resume.headline, post), ROLE_FIT)
        else:
            latest = max(role_share(job.role, post) for job in resume.latest)
            yield Finding("experience", "latest", LATEST, latest, ROLE_FIT)


def _shown(job: JobView, post: PostView) -> int:
    """How much of what the post asks for the job's text shows, by name or implied."""
    held = job.held
    return sum(weight * held[asked.name][0] for asked, weight in post.skills if asked.name in held) if held else 0


def role_share(role: Vector, post: PostView) -> int:
    """How much a position is of the kind of work that the post's title tells of, of ROLE_FIT."""
    return min(sum(value * role.get(group, 0) for group, value in post.role), ROLE_FIT)


def best_months(jobs: Sequence[JobView], shares: Sequence[int]) -> int:
    """Months of the jobs, each month once, times the best share of the jobs that cover it."""
    spans = [(job.fact.start, job.fact.end) for job in jobs]
    edges = sorted({edge for span in spans for edge in span})
    total = 0
    for start, end in pairwise(edges):
        best = max((share for share, (a, b) in zip(shares, spans, strict=True) if a <= start and end <= b), default=0)
        total += best * (end - start)
    return total


def _culture(resume: ResumeView, post: PostView) -> Iterator[Finding]:
    """Only what both sides state: work form, remote work, place, languages."""
    one, other = resume.facts, post.facts
    if one.work_form and other.work_form:
        yield Finding("culture", "work_form", 1, int(one.work_form.value == other.work_form.value), 1)
    if one.remote and other.remote:
        values = {one.remote.value, other.remote.value}
        yield Finding("culture", "remote", 1, 2 if len(values) == 1 else int("hybrid" in values), 2)
    if one.place and other.place and not _remote(other.remote):
        yield Finding("culture", "place", 1, int(one.place.value == other.place.value), 1)
    if one.languages and other.languages:
        spoken = {language.value for language in one.languages}
        for at, wanted in enumerate(other.languages):
            yield Finding("culture", "languages", 1, int(wanted.value in spoken), 1, at)


def _remote(wanted: Wanted | None) -> bool:
    return wanted is not None and wanted.value == "remote"
