"""What `match` does about facts of others. What the cache holds of it is dropped once the transaction has committed."""

from collections.abc import Sequence
from decimal import Decimal

from hirehub.contracts.job import JobUpdated
from hirehub.contracts.match import MatchCalculated
from hirehub.contracts.resume import ResumeRemoved
from hirehub.contracts.user import UserRemoved
from hirehub.kernel.bus import Fact, Handler
from hirehub.kernel.db import Transaction
from hirehub.services.match.caching import Kept
from hirehub.services.match.domain.matches import Result
from hirehub.services.match.settings import MatchSettings
from hirehub.services.match.store.known import Told
from hirehub.services.match.usecases import hearing
from hirehub.services.match.usecases.hearing import Changed


def handlers(settings: MatchSettings, kept: Kept) -> dict[str, Handler]:
    """The handler of each topic."""
    line = Decimal(str(settings.line))

    def forget(tx: Transaction, changed: Changed) -> None:
        tx.after_commit(lambda: kept.forget(jobs=changed.jobs, people=changed.people, pairs=changed.pairs))

    async def calculated(tx: Transaction, facts: Sequence[Fact]) -> None:
        results = [_result(fact.read(MatchCalculated)) for fact in facts]
        forget(tx, await hearing.calculated(tx, results, line=line))

    async def posts(tx: Transaction, facts: Sequence[Fact]) -> None:
        bodies = [(fact.read(JobUpdated), fact.time) for fact in facts]
        told = [Told(body.job_id, body.company_id, body.status, at, body.job_title) for body, at in bodies]
        forget(tx, await hearing.posts_told(tx, told))

    async def resumes(tx: Transaction, facts: Sequence[Fact]) -> None:
        forget(tx, await hearing.resumes_removed(tx, {fact.read(ResumeRemoved).resume_id for fact in facts}))

    async def people(tx: Transaction, facts: Sequence[Fact]) -> None:
        forget(tx, await hearing.people_removed(tx, {fact.read(UserRemoved).user_id for fact in facts}))

    return {
        MatchCalculated.topic: calculated,
        JobUpdated.topic: posts,
        ResumeRemoved.topic: resumes,
        UserRemoved.topic: people,
    }


def _result(body: MatchCalculated) -> Result:
    """The result that a fact tells."""
    told = body.model_dump(mode="json", include={"evidence", "reasoning", "weights", "replay", "language"})
    return Result(
        job_id=body.job_id,
        resume_id=body.resume_id,
        user_id=body.user_id,
        company_id=body.company_id,
        **vars(body.scores),
        job_version=body.job_version,
        resume_version=body.resume_version,
        calculated_at=body.calculated_at,
        reasoning=getattr(body.reasoning, body.language),
        breakdown=told,
        job_title=body.job_title,
    )
