"""What `apply` does about facts of others."""

from collections.abc import Sequence

from hirehub.contracts.match import MatchCalculated
from hirehub.contracts.user import CompanyClosed, UserRemoved
from hirehub.kernel.bus import Fact
from hirehub.kernel.db import Transaction
from hirehub.services.apply.store import applications
from hirehub.services.apply.usecases import forgetting
from hirehub.services.apply.usecases.applications import end_at


async def forget_people(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Withdraws the applications of people whose accounts have ended, and erases what was said in them."""
    await forgetting.forget(tx, [fact.read(UserRemoved).user_id for fact in facts])


async def end_at_closed(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Ends what is under way at companies that nobody acts for any more: nobody is left to answer it."""
    await end_at(tx, [fact.read(CompanyClosed).company_id for fact in facts])


async def keep_scores(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Keeps the score of who has applied before it was known; the latest of a pair counts."""
    told = [fact.read(MatchCalculated) for fact in facts]
    await applications.scored(
        tx, {(one.job_id, one.resume_id): one.scores.overall for one in told if one.scores.overall is not None}
    )


HANDLERS = {
    UserRemoved.topic: forget_people,
    CompanyClosed.topic: end_at_closed,
    MatchCalculated.topic: keep_scores,
}
