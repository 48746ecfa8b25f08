"""What `notification` does about facts of others.

Who a fact names is told in the fact's own transaction. What only another service knows (a company's members, where an
interview takes place) is asked for later, as a call may take its time, and the other service may be down for longer
than a fact is tried.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from hirehub.contracts.apply import (
    ApplicationStatusChanged,
    ApplicationSubmitted,
    InterviewCancelled,
    InterviewScheduled,
)
from hirehub.contracts.match import MatchRecommended
from hirehub.contracts.resume import ResumeProcessed
from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact, FactBody, Handler
from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.domain.events import ANSWERED, ANSWERS, CHANGED, Happened
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import outbox
from hirehub.services.notification.store.sending import CHANNEL
from hirehub.services.notification.usecases import forgetting, making

_OWN = (ResumeProcessed, MatchRecommended, InterviewCancelled)
"""Facts of which the job seeker alone hears whom they name."""

_AT_A_PLACE = "onsite"
"""The kind of interview whose place a person must know to get there."""

_log = get_logger(__name__)


class _More(BaseModel):
    """What a fact may say beyond what its readers rely on."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    company_id: UUID | None = None
    resume_id: UUID | None = None
    job_title: str | None = None
    company_name: str | None = None
    applicant_name: str | None = None
    match_score: str | None = None
    location: str | None = None


def handlers(settings: NotificationSettings) -> dict[str, Handler]:
    """The handler of each topic."""
    return {
        **{kind.topic: _to_the_person(kind, settings) for kind in _OWN},
        ApplicationStatusChanged.topic: _to_both(settings),
        InterviewScheduled.topic: _of_interview(settings),
        ApplicationSubmitted.topic: _of_application,
        UserRemoved.topic: _forget_people,
    }


def _to_the_person(kind: type[FactBody], settings: NotificationSettings) -> Handler:
    async def tell(tx: Transaction, facts: Sequence[Fact]) -> None:
        told = [_happened(fact, kind) for fact in facts]
        await making.make(tx, [(one, UUID(one.body["user_id"])) for one in told], settings)

    return tell


def _to_both(settings: NotificationSettings) -> Handler:
    """The job seeker hears of every state, the company of those that are not its own doing."""
    tell_the_person = _to_the_person(ApplicationStatusChanged, settings)

    async def tell(tx: Transaction, facts: Sequence[Fact]) -> None:
        await tell_the_person(tx, facts)
        told = [_happened(fact, ApplicationStatusChanged) for fact in facts]
        answers = [replace(one, event=ANSWERED) for one in told if one.body["to_status"] in ANSWERS]
        await _to_the_company(tx, answers)

    return tell


def _of_interview(settings: NotificationSettings) -> Handler:
    """The job seeker hears of a time, and that it is another one; where to go is asked for first."""

    async def tell(tx: Transaction, facts: Sequence[Fact]) -> None:
        told = [_happened(fact, InterviewScheduled) for fact in facts]
        told = [replace(one, event=CHANGED) if one.body["changed"] else one for one in told]
        asked = [one for one in told if one.body["interview_type"] == _AT_A_PLACE]
        await making.make(tx, [(one, UUID(one.body["user_id"])) for one in told if one not in asked], settings)
        await _later(tx, asked)

    return tell


async def _of_application(tx: Transaction, facts: Sequence[Fact]) -> None:
    await _to_the_company(tx, [_happened(fact, ApplicationSubmitted) for fact in facts])


async def _to_the_company(tx: Transaction, told: Sequence[Happened]) -> None:
    known = [one for one in told if one.body.get("company_id") is not None]
    if len(known) < len(told):
        _log.warning("company_not_named", facts=len(told) - len(known))
    await _later(tx, known)


async def _later(tx: Transaction, told: Sequence[Happened]) -> None:
    """Lets facts wait for what another service must be asked, but for those about people who are gone."""
    gone = await tombstones.buried(tx, {UUID(one.body["user_id"]) for one in told})
    await outbox.add(tx, [one for one in told if UUID(one.body["user_id"]) not in gone])
    tx.announce(CHANNEL)


async def _forget_people(tx: Transaction, facts: Sequence[Fact]) -> None:
    for fact in facts:
        await forgetting.forget(tx, user_id=fact.read(UserRemoved).user_id)


def _happened(fact: Fact, kind: type[FactBody]) -> Happened:
    """The fact as its contract has it, and what else it says that is of use; FactInvalid."""
    body = fact.read(kind)
    try:
        more = _More.model_validate_json(fact.body)
    except ValidationError:
        more = _More()
    said = {name: value for name, value in more.model_dump(mode="json").items() if value is not None}
    return Happened(fact.id, fact.topic, {**said, **body.model_dump(mode="json")})
