"""Loads as tests run them: small groups, quick retries, no API server to tell, no index worth measuring."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from hirehub.kernel.db import Database
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.settings import IngestSettings, RecallSettings, VectorsSettings
from hirehub.services.vectors.usecases import ingest, upload
from hirehub.services.vectors.usecases.ingest import RunReport
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.upload import UploadSummary
from tests.support.vectors_db import VectorsDb

QUICK = IngestSettings(rows_per_write=100, backoff=0.01, backoff_limit=0.05)


def quick(**changes: Any) -> VectorsSettings:
    """Settings of the service for tests; `changes` are fields of `ingest`."""
    return VectorsSettings(ingest=QUICK.model_copy(update=changes), recall=RecallSettings(sample=0))


async def pull(
    database: Database,
    vectors_db: VectorsDb,
    target: str,
    *,
    settings: VectorsSettings | None = None,
    domain: str = "recruit",
    grpc: GrpcSettings | None = None,
    **options: Any,
) -> RunReport:
    """A pull that tells nobody."""
    kernel = vectors_db.settings.model_copy(update={"grpc": grpc}) if grpc else vectors_db.settings
    return await ingest.pull(
        database,
        settings=settings or quick(),
        kernel_settings=kernel,
        domain=domain,
        target=target,
        invalidator=CacheInvalidator(database, kernel.grpc, []),
        **options,
    )


async def push(
    database: Database, vectors_db: VectorsDb, messages: Sequence[bytes], *, settings: VectorsSettings | None = None
) -> UploadSummary:
    """An upload that tells nobody."""

    async def sent() -> AsyncIterator[bytes]:
        for message in messages:
            yield message

    return await upload.receive(
        database,
        sent(),
        settings=settings or quick(),
        kernel_settings=vectors_db.settings,
        invalidator=CacheInvalidator(database, vectors_db.settings.grpc, []),
    )


async def checkpoint(database: Database, domain: str = "recruit") -> UUID | None:
    """Where the next pull of the domain goes on from."""
    async with database.read() as tx:
        found: UUID | None = await tx.fetch_value(
            "SELECT last_processed_uuid FROM checkpoint WHERE domain = %s", (domain,)
        )
    return found


async def letters(database: Database) -> list[tuple[Any, ...]]:
    """(cause, entity_id, error_message, payload, seen) of all dead letters, in order of their coming."""
    async with database.read() as tx:
        return await tx.fetch_all("SELECT cause, entity_id, error_message, payload, seen FROM dlq ORDER BY id")


async def runs(database: Database) -> list[tuple[Any, ...]]:
    """(kind, status, received, stored, skipped, dead, failure) of all runs, oldest first."""
    async with database.read() as tx:
        return await tx.fetch_all(
            "SELECT kind, status, received, stored, skipped, dead, failure FROM run ORDER BY started_at, id"
        )


async def notices(database: Database) -> list[tuple[Any, ...]]:
    """(target, domain) of the API servers that are to be told."""
    async with database.read() as tx:
        return await tx.fetch_all("SELECT target, domain FROM cache_notice ORDER BY 1, 2")
