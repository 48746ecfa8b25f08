"""Posts brought from elsewhere, many at once. A post whose reference the company has already is left as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hirehub.kernel.bus import publish
from hirehub.kernel.db import Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.job.domain.skills import clean
from hirehub.services.job.store import posts, skills
from hirehub.services.job.store.posts import New
from hirehub.services.job.store.skills import Skill
from hirehub.services.job.usecases.posts import check_alive, created


@dataclass(frozen=True)
class Brought:
    """A post as it came: checked values of the columns FIELDS, and names of required skills."""

    values: Mapping[str, object]
    reference: str | None
    skills: tuple[str, ...] = ()


async def bring(
    tx: Transaction, *, company_id: UUID, rows: Sequence[Brought], opened: bool, now: datetime
) -> tuple[int, int]:
    """Stores posts, as drafts or `opened` at once; how many are new, and how many were known. CompanyIsClosed."""
    await check_alive(tx, company_id)
    names = dict.fromkeys(clean(name) for row in rows for name in row.skills)
    tags = await skills.ensure(tx, [Skill(uuid7(), name, None) for name in names]) if names else {}
    coming = {uuid7(): row for row in rows}
    new = [New(job_id, row.values, row.reference) for job_id, row in coming.items()]
    stored = await posts.add(tx, company_id=company_id, rows=new, posted_at=now if opened else None)
    found = {job_id: row for job_id, row in coming.items() if job_id in stored}
    wanted = {job_id: {tags[clean(name)].id for name in row.skills} for job_id, row in found.items()}
    await skills.add(tx, [(job_id, skill_id, True) for job_id, ids in wanted.items() for skill_id in sorted(ids)])
    await publish(tx, [created(job_id, company_id, "open" if opened else "draft") for job_id in found])
    return len(found), len(rows) - len(found)
