"""What `notification` does about facts of others.

Who a fact names is told in the fact's own transaction. Whom only another service knows is asked for later, as a call
may take its time, and the other service may be down for longer than a fact is tried.
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from hirehub.contracts.apply import ApplicationStatusChanged, ApplicationSubmitted, InterviewScheduled
from hirehub.contracts.match import MatchRecommended
from hirehub.contracts.resume import ResumeProcessed
from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact, FactBody, Handler
from hirehub.kernel.db import Transaction, tombstones
from hirehub.kernel.telemetry import get_logger
from hirehub.services.notification.domain.events import Happened
from hirehub.services.notification.settings import NotificationSettings
from hirehub.services.notification.store import outbox
from hirehub.services.notification.usecases import forgetting, making

_OWN = (ResumeProcessed, MatchRecommended, ApplicationStatusChanged, InterviewScheduled)
"""Facts of which the job seeker hears whom they name."""

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
        ApplicationSubmitted.topic: _to_the_company,
        UserRemoved.topic: _forget_people,
    }


def _to_the_person(kind: type[FactBody], settings: NotificationSettings) -> Handler:
    async def tell(tx: Transaction, facts: Sequence[Fact]) -> None:
        told = [_happened(fact, kind) for fact in facts]
        await making.make(tx, [(one, UUID(one.body["user_id"])) for one in told], settings)

    return tell


async def _to_the_company(tx: Transaction, facts: Sequence[Fact]) -> None:
    told = [_happened(fact, ApplicationSubmitted) for fact in facts]
    known = [one for one in told if one.body.get("company_id") is not None]
    if len(known) < len(told):
        _log.warning("company_not_named", facts=len(told) - len(known))
    gone = await tombstones.buried(tx, {UUID(one.body["user_id"]) for one in known})
    await outbox.add(tx, [one for one in known if UUID(one.body["user_id"]) not in gone])
    tx.announce(making.CHANNEL)


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
