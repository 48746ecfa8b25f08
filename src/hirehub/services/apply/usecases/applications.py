"""Applications: sent, decided, held, noted. Who somebody is to an application is asked before."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.kernel.auth import Unauthenticated
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import ReadTransaction, Transaction, tombstones
from hirehub.kernel.errors import HirehubError
from hirehub.services.apply.domain.applications import (
    AlreadyApplied,
    AlreadyPending,
    ApplicantGone,
    NoSuchApplication,
    NothingPending,
)
from hirehub.services.apply.domain.states import BEGIN, HELD, Actor, check_move
from hirehub.services.apply.store import applications, events
from hirehub.services.apply.store.applications import Application, New
from hirehub.services.apply.store.events import Event
from hirehub.services.apply.usecases.moving import SOURCE, By, enter

COMPANY_CLOSED: Final = "company_closed"
"""Why the product itself rejects, as the history says it."""

Outcome = Application | HirehubError
"""What has become of an application, or why nothing has."""


async def submit(tx: Transaction, new: New) -> Application:
    """Sends an application; AlreadyApplied, also for whoever clicks twice at once.

    Unauthenticated for somebody whose account has ended while the token still holds.
    """
    if await tombstones.buried(tx, [new.user_id]):
        raise Unauthenticated.bad_token("its account has ended")
    if not await applications.add(tx, new):
        raise AlreadyApplied("You have applied for this post before.", hint="Look at /api/v1/applications for it.")
    await events.add(tx, new.id, "status_changed", actor=Actor.JOBSEEKER, person=new.user_id, moved=(None, BEGIN))
    body = ApplicationSubmitted(
        application_id=new.id,
        job_id=new.job_id,
        user_id=new.user_id,
        company_id=new.company_id,
        resume_id=new.resume_id,
        job_title=new.job_title,
        match_score=new.match_score,
    )
    await publish(tx, [Fact.of(body, source=SOURCE)])
    return await read(tx, new.id)


async def read(tx: ReadTransaction, application_id: UUID) -> Application:
    """An application; NoSuchApplication."""
    found = (await applications.get(tx, [application_id])).get(application_id)
    if found is None:
        raise NoSuchApplication.told()
    return found


async def locked(tx: Transaction, application_id: UUID) -> Application:
    """An application that nobody else changes until the transaction ends; NoSuchApplication."""
    found = (await applications.lock(tx, [application_id])).get(application_id)
    if found is None:
        raise NoSuchApplication.told()
    return found


async def locked_for_words(tx: Transaction, application_id: UUID) -> Application:
    """The same, for whoever writes words about the applicant, who is not forgotten meanwhile; ApplicantGone.

    Person before row, as where people are forgotten: else each could wait for the other.
    """
    found = await read(tx, application_id)
    if await tombstones.buried(tx, [found.user_id]):
        raise ApplicantGone.told()
    return await locked(tx, application_id)


async def decide(
    tx: Transaction, application_id: UUID, *, by: By, status: str, note: str | None, hold: float
) -> Application:
    """Brings an application into a state, or holds that for `hold` seconds where it is a rejection.

    NotYourMove, WrongState, AlreadyPending. Who is forgotten has only applications that have ended, so that no note
    comes to one of them here.
    """
    await _decide(tx, await locked(tx, application_id), by=by, status=status, note=note, hold=hold)
    return await read(tx, application_id)


async def decide_many(
    tx: Transaction, sides: Mapping[UUID, By | HirehubError], *, status: str, note: str | None, hold: float
) -> dict[UUID, Outcome]:
    """The same for each application whose side is known; one that cannot be changed keeps no other from it."""
    there = await applications.lock(tx, [one for one, by in sides.items() if isinstance(by, By)])
    refused: dict[UUID, HirehubError] = {}
    for application_id, by in sides.items():
        try:
            if isinstance(by, HirehubError):
                raise by
            if (found := there.get(application_id)) is None:
                raise NoSuchApplication.told()
            await _decide(tx, found, by=by, status=status, note=note, hold=hold)
        except HirehubError as error:
            refused[application_id] = error
    after = await applications.get(tx, [one for one in sides if one not in refused])
    return {one: refused[one] if one in refused else after[one] for one in sides}


async def _decide(tx: Transaction, found: Application, *, by: By, status: str, note: str | None, hold: float) -> None:
    """Refuses before it writes anything."""
    check_move(by.actor, found.status, status)
    if status != HELD or hold == 0 or by.person is None:
        await enter(tx, found, status, by=by, payload={"note": note} if note else None)
        return
    if found.pending_status is not None:
        hint = "DELETE its pending-status to take it back, or wait until it is told."
        raise AlreadyPending("The rejection is held already.", hint=hint)
    await applications.hold(tx, found.id, status=status, seconds=hold, by=by.person, note=note)


async def take_back(tx: Transaction, application_id: UUID) -> None:
    """Takes a held rejection back: it was never told; NothingPending."""
    found = await locked(tx, application_id)
    if found.pending_status is None:
        raise NothingPending("No rejection is held.", hint="One that was told cannot be taken back.")
    await applications.let_go(tx, application_id)


async def release(tx: Transaction, *, most: int) -> int:
    """Lets held rejections come whose time is over; how many."""
    found: Sequence[Application] = await applications.due(tx, most)
    for one in found:
        if one.pending_status is None or one.pending_by is None:
            continue
        payload = {"note": one.pending_note} if one.pending_note else None
        await enter(tx, one, one.pending_status, by=By(Actor.COMPANY, one.pending_by), payload=payload)
    return len(found)


async def end_at(tx: Transaction, companies: Collection[UUID]) -> None:
    """Rejects what is under way at companies that are closed, in the name of nobody."""
    for one in await applications.lock_at(tx, companies):
        await enter(tx, one, HELD, by=By(Actor.SYSTEM, None), payload={"reason": COMPANY_CLOSED})


async def note(tx: Transaction, application_id: UUID, *, person: UUID, text: str) -> Event:
    """Adds a company's note to the history; ApplicantGone."""
    await locked_for_words(tx, application_id)
    return await events.add(
        tx, application_id, "feedback_added", actor=Actor.COMPANY, person=person, payload={"note": text}
    )
