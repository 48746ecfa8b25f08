"""What the rules ask of one side again and again, worked out once a resume and once a post, in whole numbers.

A view is remembered for the very object that it was made of, so that a resume against many posts pays once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Generic, TypeVar

from hirehub.services.ai.scoring.model import AskedSkill, JobFact, PostFacts, ResumeFacts
from hirehub.services.ai.skills.taxonomy import Taxonomy
from hirehub.services.ai.work.table import WorkWords, load_work_words

ALL = 1_000_000
"""A whole share. Relations are products of at most three percents: every share of a skill is a whole number of it."""
LENGTH = 1000
"""How long a vector of whole numbers is made: the product of two is at most LENGTH squared, which is ALL."""

TITLE, REQUIRED, PREFERRED = 48, 12, 4
"""A skill of the title weighs four times a required one, that three times a preferred one."""
COMMON = 3
"""A soft or common skill weighs so many times less: everybody writes it."""

LISTED, LISTED_MOST = 750_000, 60
"""A skill that no text of a job or a project shows counts that much of ALL; where there are more such, each less."""

Vector = Mapping[str, int]
Held = Mapping[str, tuple[int, str | None]]
"""By skill how much of it is shown (of ALL), and through which skill when it is only implied."""


@dataclass(frozen=True, slots=True)
class JobView:
    """A job: its months, how much of which skill it shows, and the occupations of its position."""

    fact: JobFact
    held: Held
    role: Vector


@dataclass(frozen=True, slots=True)
class ResumeView:
    """A resume, ready for the rules.

    `worked` are the months that its jobs cover, `headline` the occupations that its headline tells of, `latest` the
    jobs that ended last.
    """

    facts: ResumeFacts
    held: Held
    jobs: tuple[JobView, ...]
    worked: int
    words: Vector
    headline: Vector
    latest: tuple[JobView, ...]


@dataclass(frozen=True, slots=True)
class PostView:
    """A post, ready for the rules: skills with weights and the sum of these, the title's occupations, words of work."""

    facts: PostFacts
    skills: tuple[tuple[AskedSkill, int], ...]
    weight: int
    role: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, int], ...]


def resume_view(facts: ResumeFacts, taxonomy: Taxonomy) -> ResumeView:
    """The view of a resume."""
    table = load_work_words()
    jobs = tuple(
        JobView(job, _held(dict.fromkeys(job.skills, ALL), taxonomy), role_vector((one[0] for one in job.role), table))
        for job in facts.jobs
    )
    last = max((job.end for job in facts.jobs), default=0)
    return ResumeView(
        facts=facts,
        held=_held(_shares(facts), taxonomy),
        jobs=jobs,
        worked=covered(facts.jobs),
        words=word_vector(((one[0], one[1]) for one in facts.work), table),
        headline=role_vector((one[0] for one in facts.headline), table),
        latest=tuple(job for job in jobs if job.fact.end == last),
    )


def post_view(facts: PostFacts, taxonomy: Taxonomy) -> PostView:
    """The view of a post."""
    table = load_work_words()
    skills = tuple((one, _weight(one, taxonomy)) for one in facts.skills)
    return PostView(
        facts=facts,
        skills=skills,
        weight=sum(weight for _, weight in skills),
        role=tuple(role_vector((one[0] for one in facts.role), table).items()),
        words=tuple(word_vector(((one[0], one[2]) for one in facts.work), table).items()),
    )


def _weight(asked: AskedSkill, taxonomy: Taxonomy) -> int:
    weight = PREFERRED if asked.preferred else REQUIRED
    if any(span.part == "title" for span in asked.spans):
        weight = TITLE
    skill = taxonomy.skills.get(asked.name)
    common = skill is not None and (skill.common or skill.category == "soft")
    return weight // COMMON if common else weight


def _shares(facts: ResumeFacts) -> Mapping[str, int]:
    """How much each skill of a resume counts. Who lists hundreds does not get each of them at three quarters."""
    listed = sum(skill.listed for skill in facts.skills)
    share = LISTED * LISTED_MOST // max(listed, LISTED_MOST)
    return {skill.name: share if skill.listed else ALL for skill in facts.skills}


def _held(shares: Mapping[str, int], taxonomy: Taxonomy) -> Held:
    """Of each skill what it counts by name, or what the best of the others implies, where that is more."""
    found: dict[str, tuple[int, str | None]] = {name: (share, None) for name, share in shares.items()}
    for name in sorted(shares):
        for target, share in taxonomy.implied(name).items():
            value = shares[name] * share.numerator // share.denominator
            if value > found.get(target, (0, None))[0]:
                found[target] = (value, name)
    return found


def role_vector(forms: Iterable[str], table: WorkWords) -> Vector:
    """The occupations that the words of a title or a position tell of."""
    sums: dict[str, int] = {}
    for form in sorted(set(forms)):
        tells = table.titles.get(form, 0)
        for group, more in table.groups.get(form, ()):
            sums[group] = sums.get(group, 0) + tells * more
    return _long(sums)


def word_vector(counts: Iterable[tuple[str, int]], table: WorkWords) -> Vector:
    """Words of work, each by how much it tells and by the length of its count in binary digits."""
    return _long({form: table.weights.get(form, 0) * count.bit_length() for form, count in counts})


def _long(values: Mapping[str, int]) -> Vector:
    """The same direction, LENGTH long or a little shorter."""
    length = isqrt(sum(value * value for value in values.values()) - 1) + 1 if any(values.values()) else 1
    scaled = {name: value * LENGTH // length for name, value in values.items()}
    return {name: value for name, value in scaled.items() if value}


def covered(jobs: Iterable[JobFact]) -> int:
    """Months that the jobs cover, each once. What lies between two jobs counts for nothing and against nothing."""
    total, reached = 0, -1
    for start, end in sorted((job.start, job.end) for job in jobs):
        total += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return total


Facts = TypeVar("Facts")
View = TypeVar("View")


class Remembered(Generic[Facts, View]):
    """The last results by the identity of what they were made of, which is held as long as its result is."""

    def __init__(self, make: Callable[[Facts], View], most: int) -> None:
        self._make = make
        self._most = most
        self._kept: dict[int, tuple[Facts, View]] = {}

    def of(self, facts: Facts) -> View:
        """The result for this very object."""
        kept = self._kept.get(id(facts))
        if kept is not None and kept[0] is facts:
            return kept[1]
        view = self._make(facts)
        while len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[id(facts)] = (facts, view)
        return view
