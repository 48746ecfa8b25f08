"""What people say of matches. On which side somebody is, is asked before."""

from uuid import UUID

from hirehub.kernel.auth import Forbidden
from hirehub.kernel.db import ReadTransaction, Transaction
from hirehub.services.match.domain.feedback import NoFeedback, Side, may_say
from hirehub.services.match.domain.matches import NoSuchMatch
from hirehub.services.match.store import feedback as stored
from hirehub.services.match.store.feedback import Feedback


async def say(tx: Transaction, match_id: UUID, *, person: UUID, side: Side, feedback_type: str) -> Feedback:
    """Keeps what somebody says, instead of what he said before; Forbidden for what is the company's to say."""
    if not may_say(side, feedback_type):
        raise Forbidden.to("a member of the company")
    found = await stored.say(tx, match_id, person=person, feedback_type=feedback_type)
    if found is None:
        raise NoSuchMatch.told()
    return found


async def said(tx: ReadTransaction, match_id: UUID, *, person: UUID) -> Feedback:
    """What somebody has said; NoFeedback."""
    found = await stored.get(tx, match_id, person=person)
    if found is None:
        raise NoFeedback.told()
    return found
