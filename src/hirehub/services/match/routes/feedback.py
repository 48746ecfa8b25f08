"""What people say of matches, over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.idempotency import Created, Key, once
from hirehub.services.match.routes.deps import PREFIX, Limiter, Service
from hirehub.services.match.schemas import FeedbackIn, FeedbackOut
from hirehub.services.match.usecases import feedback

router = APIRouter(prefix=f"{PREFIX}/matches/{{match_id}}/feedback", tags=["matches"])

_SAYS: Final = (
    "Says whether a match is helpful, or, for the company, what came of it; it replaces what the caller said before."
    " Send `Idempotency-Key` to be able to send it again with the same answer."
)


@router.post("", status_code=201, response_model=FeedbackOut, description=_SAYS)
async def give_feedback(
    who: Caller,
    match_id: UUID,
    body: FeedbackIn,
    service: Service,
    limiter: Limiter,
    request: Request,
    key: Key = None,
) -> Response:
    """Says something of a match; for the owner of the resume and members of the post's company."""
    _, side = await service.sided(who, match_id)
    await limiter.spend("match.feedback", who.subject, service.settings.feedback)

    async def work(tx: Transaction) -> Created:
        said = await feedback.say(tx, match_id, person=who.person, side=side, feedback_type=body.feedback_type)
        return Created(FeedbackOut.model_validate(said))

    return await once(service.db, request, caller=who.subject, key=key, work=work)


@router.get("")
async def read_feedback(who: Caller, match_id: UUID, service: Service) -> FeedbackOut:
    """What the caller said of a match."""
    await service.sided(who, match_id)
    async with service.db.transaction() as tx:
        return FeedbackOut.model_validate(await feedback.said(tx, match_id, person=who.person))
