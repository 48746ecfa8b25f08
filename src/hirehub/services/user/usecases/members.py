"""Who acts for a company. Whoever changes its members holds its row, so that two last ones cannot leave at once."""

from collections.abc import Mapping
from uuid import UUID

from hirehub.contracts.user import CompanyClosed, UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.ids import uuid7
from hirehub.services.user.domain import companies as rules
from hirehub.services.user.domain.mails import MailKind
from hirehub.services.user.domain.secrets import digest
from hirehub.services.user.store import companies, mails, members, users
from hirehub.services.user.store.members import Invitation, Member

SOURCE = "user"


def no_such_company() -> rules.NoSuchCompany:
    """The error of a company that is not there, or closed."""
    return rules.NoSuchCompany("There is no such company.")


async def may_see(tx: ReadTransaction, *, who: Principal, company_id: UUID) -> None:
    """Members, administrators and services see who a company's members are; Forbidden for others."""
    if who.is_service or who.user_type == UserType.ADMIN:
        if await companies.get(tx, company_id) is None:
            raise no_such_company()
    elif await members.get(tx, company_id, who.person) is None:
        raise Forbidden.to("a member of the company")


async def may_decide(tx: ReadTransaction, *, who: Principal, company_id: UUID) -> Member:
    """The caller as a primary member; Forbidden for others."""
    member = await members.get(tx, company_id, who.person)
    if member is None or not member.is_primary:
        raise Forbidden.to("a primary member of the company")
    return member


async def invite(
    tx: Transaction, *, who: Principal, company_id: UUID, values: Mapping[str, object], language: str, seconds: int
) -> Invitation:
    """Invites an address by mail. Whether it has an account makes no difference."""
    await may_decide(tx, who=who, company_id=company_id)
    if not await companies.lock(tx, company_id):
        raise no_such_company()
    token_id, invitation_id, email = uuid7(), uuid7(), str(values["email"])
    await mails.add_token(tx, token_id, {"purpose": "invite", "email": email}, seconds)
    await members.invite(
        tx,
        {
            **values,
            "id": invitation_id,
            "company_id": company_id,
            "invited_by": who.person,
            "token_id": token_id,
        },
    )
    await mails.add(tx, uuid7(), kind=MailKind.INVITE, language=language, email=email, token_id=token_id)
    found = await members.invitation(tx, invitation_id)
    if found is None:
        raise no_such_company()
    return found


async def accept(tx: Transaction, *, who: Principal, token: str) -> Member:
    """Makes the caller a member, if the invitation went to his address; NoSuchInvitation for all else."""
    shown = await mails.use(tx, digest(token), "invite")
    invitation = await members.invitation_of(tx, shown.id) if shown is not None else None
    user = await users.get(tx, who.person)
    if invitation is None or user is None or user.email != invitation.email:
        raise rules.NoSuchInvitation(
            "There is no such invitation for you.", hint="Log in with the address that was invited."
        )
    if not await companies.lock(tx, invitation.company_id):
        raise no_such_company()
    added = await members.add(
        tx,
        member_id=uuid7(),
        user_id=who.person,
        company_id=invitation.company_id,
        name=invitation.name,
        position=invitation.position,
        is_primary=invitation.is_primary,
    )
    found = await members.get(tx, invitation.company_id, who.person)
    if not added or found is None:
        raise rules.AlreadyMember("You are a member already.")
    return found


async def read(tx: ReadTransaction, *, company_id: UUID, user_id: UUID) -> Member:
    """A member; NoSuchMember."""
    found = await members.get(tx, company_id, user_id)
    if found is None:
        raise rules.NoSuchMember("There is no such member.")
    return found


async def change(
    tx: Transaction, *, who: Principal, company_id: UUID, user_id: UUID, changes: Mapping[str, object]
) -> Member:
    """Changes a member: his own name and position anybody, the rest a primary member."""
    if "is_primary" in changes or user_id != who.person:
        await may_decide(tx, who=who, company_id=company_id)
    member = await _locked(tx, who=who, company_id=company_id, user_id=user_id)
    if member.is_primary and changes.get("is_primary") is False:
        rules.may_lose_primary((await members.count(tx, company_id))[1])
    if changes:
        await members.change(tx, company_id, user_id, changes)
    return await members.get(tx, company_id, user_id) or member


async def leave(tx: Transaction, *, who: Principal, company_id: UUID, user_id: UUID) -> None:
    """Removes a member: oneself, or as a primary member anybody; LastPrimary."""
    if user_id != who.person:
        await may_decide(tx, who=who, company_id=company_id)
    member = await _locked(tx, who=who, company_id=company_id, user_id=user_id)
    if member.is_primary:
        rules.may_lose_primary((await members.count(tx, company_id))[1])
    await members.remove(tx, company_id, user_id)


async def leave_all(tx: Transaction, *, user_id: UUID) -> None:
    """Removes a person everywhere; LastPrimary where others would stay alone.

    A company without members is closed and that is told, so that its posts do not stay open for nobody to read.
    """
    for company_id in await members.companies_of(tx, user_id):
        await companies.lock(tx, company_id)
        member = await members.get(tx, company_id, user_id)
        everybody, primaries = await members.count(tx, company_id)
        if member is not None and member.is_primary and everybody > 1:
            rules.may_lose_primary(primaries)
        await members.remove(tx, company_id, user_id)
        if member is not None and everybody <= 1 and await companies.close(tx, company_id):
            await publish(tx, [Fact.of(CompanyClosed(company_id=company_id), source=SOURCE)])


async def _locked(tx: Transaction, *, who: Principal, company_id: UUID, user_id: UUID) -> Member:
    """The member, with the company's members held; the caller's right is looked at again once they are."""
    if not await companies.lock(tx, company_id):
        raise no_such_company()
    if user_id != who.person:
        await may_decide(tx, who=who, company_id=company_id)
    member = await members.get(tx, company_id, user_id)
    if member is None:
        raise rules.NoSuchMember("There is no such member.")
    return member
