"""The state of the service as GraphQL shows it: counts, domains, runs, dead letters. Never what a dead row held."""

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry
from strawberry import ID

from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.graphql.types import DomainName, PageInfo
from hirehub.services.vectors.store.letters import CauseCount, Letter
from hirehub.services.vectors.store.runs import RunRecord, StepRecord
from hirehub.services.vectors.store.statistics import DomainStats as StoredStats
from hirehub.services.vectors.store.statistics import GroupCount as StoredCount

strawberry.enum(Cause, name="DeadLetterCause", description="Why a row could not be stored.")


@strawberry.enum
class RunStatus(Enum):
    """How a run stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@strawberry.type
class GroupCount:
    """Rows that share a value."""

    value: str | None = strawberry.field(description="The value as text; null for rows that have none.")
    count: int

    @classmethod
    def of(cls, counted: StoredCount) -> Self:
        """The count as it is shown."""
        return cls(value=None if counted.value is None else str(counted.value), count=counted.count)


@strawberry.type
class DomainStats:
    """What a domain holds, how far its pulls have come, how well its index finds."""

    domain: DomainName
    metadata_count: int
    embedding_count: int
    dlq_count: int
    last_processed_uuid: ID | None
    last_checkpoint_time: datetime | None
    recall: float | None = strawberry.field(
        description="Share of the true neighbours that the index found; null: not tried."
    )
    recall_measured_at: datetime | None
    exact_only: bool = strawberry.field(description="Whether searches leave the index aside, as it finds too little.")

    @classmethod
    def of(cls, stats: StoredStats) -> Self:
        """The state as it is shown."""
        return cls(
            domain=DomainName(stats.domain),
            metadata_count=stats.metadata_count,
            embedding_count=stats.embedding_count,
            dlq_count=stats.dlq_count,
            last_processed_uuid=None if stats.last_processed_uuid is None else ID(str(stats.last_processed_uuid)),
            last_checkpoint_time=stats.last_checkpoint_time,
            recall=stats.recall,
            recall_measured_at=stats.recall_measured_at,
            exact_only=stats.exact_only,
        )


@strawberry.type
class RunStep:
    """One of a run's steps: receive, process, notify."""

    name: str
    status: str
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, step: StepRecord) -> Self:
        """The step as it is shown."""
        return cls(name=step.name, status=step.status, started_at=step.started_at, finished_at=step.finished_at)


@strawberry.type
class Run:
    """A load of rows: received = stored + skipped + dead."""

    id: ID
    domain: DomainName
    kind: str = strawberry.field(description="pull, push or replay")
    status: RunStatus
    received: int
    stored: int
    skipped: int
    dead: int
    recall: float | None
    failure: str | None
    started_at: datetime
    finished_at: datetime | None
    seconds: float
    steps: list[RunStep]

    @classmethod
    def of(cls, run: RunRecord) -> Self:
        """The run as it is shown; where its rows came from is left to the command line."""
        return cls(
            id=ID(str(run.id)),
            domain=DomainName(run.domain),
            kind=run.kind,
            status=RunStatus(run.status),
            received=run.received,
            stored=run.stored,
            skipped=run.skipped,
            dead=run.dead,
            recall=run.recall,
            failure=run.failure,
            started_at=run.started_at,
            finished_at=run.finished_at,
            seconds=run.seconds,
            steps=[
                RunStep(name=s.name, status=s.status, started_at=s.started_at, finished_at=s.finished_at)
                for s in run.steps
            ],
        )


@strawberry.type
class RunPage:
    """Runs, the latest first."""

    nodes: list[Run]
    page_info: PageInfo


@strawberry.type
class DeadLetter:
    """A row that could not be stored. What it held is shown by the command line alone."""

    id: ID
    domain: DomainName
    entity_id: ID | None
    cause: Cause
    message: str
    dimension: int | None
    seen: int
    attempts: int
    run_id: ID | None
    created_at: datetime

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """The letter as it is shown."""
        return cls(
            id=ID(str(letter.id)),
            domain=DomainName(letter.domain),
            entity_id=None if letter.entity_id is None else ID(str(letter.entity_id)),
            cause=Cause(letter.cause),
            message=letter.message,
            dimension=letter.dimension,
            seen=letter.seen,
            attempts=letter.attempts,
            run_id=None if letter.run_id is None else ID(str(letter.run_id)),
            created_at=letter.created_at,
        )


@strawberry.type
class DeadLetterPage:
    """Dead letters, the latest first."""

    nodes: list[DeadLetter]
    page_info: PageInfo


@strawberry.type
class DeadLetterCount:
    """Dead letters of a domain and a cause."""

    domain: DomainName
    cause: Cause
    count: int

    @classmethod
    def of(cls, counted: CauseCount) -> Self:
        """The count as it is shown."""
        return cls(domain=DomainName(counted.domain), cause=Cause(counted.cause), count=counted.letters)
