"""Posts brought from elsewhere, many at once. A post whose reference the company has already is left as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.job.domain.skills import clean
from hirehub.services.job.store import posts, skills
from hirehub.services.job.store.skills import Skill
from hirehub.services.job.usecases.posts import created


@dataclass(frozen=True)
class Brought:
    """A post as it came: checked values of the columns FIELDS, and names of required skills."""

    values: Mapping[str, object]
    reference: str | None
    skills: tuple[str, ...] = ()


async def bring(
    tx: Transaction, *, company_id: UUID, rows: Sequence[Brought], opened: bool, now: datetime
) -> tuple[int, int]:
    """Stores posts, as drafts or `opened` at once; how many are new, and how many were known."""
    names = {clean(name).lower(): clean(name) for row in rows for name in row.skills}
    tags = await skills.ensure(tx, [Skill(uuid7(), name, None) for name in names.values()]) if names else {}
    facts: list[Fact] = []
    for row in rows:
        job_id = uuid7()
        if not await posts.add(
            tx,
            job_id=job_id,
            company_id=company_id,
            values=row.values,
            reference=row.reference,
            posted_at=now if opened else None,
        ):
            continue
        wanted = {tags[clean(name).lower()].id for name in row.skills}
        if wanted:
            await skills.put(tx, job_id, [(skill_id, True) for skill_id in sorted(wanted)])
        facts.append(created(job_id, company_id, "open" if opened else "draft"))
    await publish(tx, facts)
    return len(facts), len(rows) - len(facts)
