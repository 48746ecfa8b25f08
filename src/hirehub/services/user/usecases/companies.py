"""Companies: begun by a user of the type company, who becomes the first primary member; changed by primary members."""

from collections.abc import Mapping
from uuid import UUID

from psycopg import errors as pg

from hirehub.kernel.auth import Principal
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain.companies import BusinessNumberTaken
from hirehub.services.user.store import companies, members
from hirehub.services.user.store.companies import Company
from hirehub.services.user.usecases.members import may_decide, no_such_company


async def begin(tx: Transaction, *, who: Principal, values: Mapping[str, object]) -> Company:
    """Makes a company with the caller as its primary member; BusinessNumberTaken."""
    company_id = uuid7()
    try:
        async with tx.savepoint():
            await companies.add(tx, company_id, values)
    except pg.UniqueViolation:
        raise _taken() from None
    await members.add(
        tx,
        member_id=uuid7(),
        user_id=who.person,
        company_id=company_id,
        name=None,
        position=None,
        is_primary=True,
    )
    return await read(tx, company_id=company_id)


async def read(tx: ReadTransaction, *, company_id: UUID) -> Company:
    """A company; NoSuchCompany."""
    found = await companies.get(tx, company_id)
    if found is None:
        raise no_such_company()
    return found


async def change(
    tx: Transaction, *, who: Principal, company_id: UUID, changes: Mapping[str, object], versions: list[int] | None
) -> Company:
    """Changes a company; PreconditionFailed where somebody else did, BusinessNumberTaken."""
    await may_decide(tx, who=who, company_id=company_id)
    try:
        async with tx.savepoint():
            changed = await companies.change(tx, company_id, changes, versions)
    except pg.UniqueViolation:
        raise _taken() from None
    if not changed:
        raise PreconditionFailed.changed()
    return await read(tx, company_id=company_id)


def _taken() -> BusinessNumberTaken:
    return BusinessNumberTaken("Another company has this business number.", hint="Check it, or ask to be invited.")
