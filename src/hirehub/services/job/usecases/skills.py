"""The skills that a post asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hirehub.kernel.bus import publish
from hirehub.kernel.db import Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.job.domain.skills import MOST_SKILLS, TooManySkills, clean
from hirehub.services.job.store import posts as store
from hirehub.services.job.store import skills
from hirehub.services.job.store.skills import JobSkill, Skill
from hirehub.services.job.usecases import posts


@dataclass(frozen=True)
class WantedSkill:
    """A skill by its name; one that nobody named before becomes a tag."""

    name: str
    is_required: bool
    category: str | None = None


async def put(
    tx: Transaction, *, job_id: UUID, wanted: Sequence[WantedSkill], versions: list[int] | None
) -> tuple[int, list[JobSkill]]:
    """Makes these the post's skills: the post's version, and them. Of one that is named twice the required one counts.

    TooManySkills, PreconditionFailed.
    """
    if len(wanted) > MOST_SKILLS:
        raise TooManySkills(f"A post may name {MOST_SKILLS} skills.", hint="Name those that matter.")
    before = await posts.locked(tx, job_id, versions)
    tags: dict[str, Skill] = {}
    required: dict[UUID, bool] = {}
    for one in wanted:
        name = clean(one.name)
        tags.setdefault(name, Skill(uuid7(), name, one.category))
    found = await skills.ensure(tx, list(tags.values()))
    for one in wanted:
        skill_id = found[clean(one.name)].id
        required[skill_id] = required.get(skill_id, False) or one.is_required
    known = await skills.of_job(tx, job_id)
    after = set(required.items())
    version = before.version
    if after != {(one.skill_id, one.is_required) for one in known}:
        version += 1
        await skills.put(tx, job_id, sorted(after))
        await store.touch(tx, job_id)
        await publish(tx, [posts.updated(before, ("skills",), before.status, before.title)])
    return version, await skills.of_job(tx, job_id)
