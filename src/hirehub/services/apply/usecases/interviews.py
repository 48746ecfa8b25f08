"""Interviews: scheduled, changed, completed, cancelled. Whoever changes one holds its application's row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from hirehub.contracts.apply import InterviewCancelled, InterviewScheduled
from hirehub.kernel.bus import Fact, FactBody, publish
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.kernel.http.etags import PreconditionFailed
from hirehub.kernel.ids import uuid7
from hirehub.services.apply.domain import interviews as rules
from hirehub.services.apply.domain.states import Actor
from hirehub.services.apply.store import events, interviews
from hirehub.services.apply.store.applications import Application
from hirehub.services.apply.store.interviews import Interview
from hirehub.services.apply.usecases.applications import locked, locked_for_words
from hirehub.services.apply.usecases.moving import SOURCE, By, enter

_MOVES = {"reviewing": "interview_scheduled", "interview_scheduled": "interview_completed"}


async def schedule(
    tx: Transaction, application_id: UUID, *, person: UUID, values: Mapping[str, Any], now: datetime
) -> Interview:
    """Schedules an interview of the columns PLACE; an application in review moves on by it.

    WrongState, BadInterviewTime, NoSuchZone, TooManyInterviews.
    """
    rules.check_zone(values["time_zone"])
    rules.check_time(values["scheduled_at"], now)
    found = await locked(tx, application_id)
    rules.check_schedulable(found.status)
    if await interviews.count(tx, application_id) >= rules.MOST_INTERVIEWS:
        raise rules.TooManyInterviews(
            f"An application has {rules.MOST_INTERVIEWS} interviews at most.", hint="Change one that is scheduled."
        )
    interview_id = uuid7()
    await interviews.add(tx, interview_id, application_id, values)
    made = await read(tx, interview_id)
    await _placed(tx, found, made, person, moves=found.status == "reviewing")
    await publish(tx, [_fact(InterviewScheduled, found, made)])
    return made


async def read(tx: ReadTransaction, interview_id: UUID) -> Interview:
    """An interview in any state; NoSuchInterview."""
    found = await interviews.get(tx, interview_id)
    if found is None:
        raise rules.NoSuchInterview.told()
    return found


async def change(
    tx: Transaction,
    interview_id: UUID,
    *,
    person: UUID,
    changes: Mapping[str, Any],
    versions: list[int] | None,
    now: datetime,
) -> Interview:
    """Changes an interview, completes or cancels it.

    ApplicantGone, PreconditionFailed where somebody else changed it, InterviewOver, BadInterviewTime, NoSuchZone.
    """
    application = await locked_for_words(tx, (await read(tx, interview_id)).application_id)
    before = await read(tx, interview_id)
    if versions is not None and before.version not in versions:
        raise PreconditionFailed.changed()
    different = {name: value for name, value in changes.items() if getattr(before, name) != value}
    if not different:
        return before
    rules.check_changes(before.status, different)
    if "time_zone" in different:
        rules.check_zone(different["time_zone"])
    if "scheduled_at" in different:
        rules.check_time(different["scheduled_at"], now)
    await interviews.change(tx, interview_id, different)
    after = await read(tx, interview_id)
    if "status" in different:
        await _ended(tx, application, after, person)
    elif set(different) & set(rules.PLACE):
        await _placed(tx, application, after, person, moves=False)
        if set(different) & rules.TOLD:
            await publish(tx, [_fact(InterviewScheduled, application, after, changed=True)])
    return after


async def _placed(tx: Transaction, found: Application, interview: Interview, person: UUID, *, moves: bool) -> None:
    """The event of a time or a place that is new; with `moves` of the application's state too."""
    payload = {
        "interview_id": str(interview.id),
        "interview_type": interview.interview_type,
        "scheduled_at": interview.scheduled_at.isoformat(),
        "time_zone": interview.time_zone,
    }
    await _written(tx, found, "interview_scheduled", payload, person, moves=moves)


def _fact(kind: type[FactBody], found: Application, interview: Interview, **more: object) -> Fact:
    """A fact of an interview: without its place, which is written for one person alone."""
    body = {
        "interview_id": interview.id,
        "application_id": found.id,
        "scheduled_at": interview.scheduled_at,
        "job_id": found.job_id,
        "user_id": found.user_id,
        "company_id": found.company_id,
        "job_title": found.job_title,
        "time_zone": interview.time_zone,
        "interview_type": interview.interview_type,
        "duration_minutes": interview.duration_minutes,
        **more,
    }
    return Fact.of(kind.model_validate(body), source=SOURCE)


async def _ended(tx: Transaction, found: Application, interview: Interview, person: UUID) -> None:
    """Event of an interview that was held or will not be; the first that was held moves the application on.

    Of one that will not be the applicant hears.
    """
    payload = {"interview_id": str(interview.id)}
    moves = interview.status == "completed" and found.status == "interview_scheduled"
    await _written(tx, found, f"interview_{interview.status}", payload, person, moves=moves)
    if interview.status == "cancelled":
        await publish(tx, [_fact(InterviewCancelled, found, interview)])


async def _written(
    tx: Transaction, found: Application, event_type: str, payload: Mapping[str, Any], person: UUID, *, moves: bool
) -> None:
    by = By(Actor.COMPANY, person)
    if moves:
        await enter(tx, found, _MOVES[found.status], by=by, event_type=event_type, payload=payload)
    else:
        await events.add(tx, found.id, event_type, actor=by.actor, person=by.person, payload=payload)
