"""EmbeddingStreamService of the batch server: UploadEmbeddings. Transport to use case and back, no rules.

Messages stay bytes up to the reader, so that one that cannot be read is told as INVALID_ARGUMENT. A bounded number of
uploads is under way at once; more wait a while, their senders held back by gRPC's flow control.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.db import Database
from hirehub.kernel.errors import Busy
from hirehub.kernel.grpc import Context, client_stream, raw_service
from hirehub.kernel.module import GrpcService
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import upload
from hirehub.services.vectors.usecases.notify import CacheInvalidator

UPLOADS: Final = 16
"""Uploads under way at once in a process: what bounds its memory and its connections."""
_MOST_INT32: Final = 2**31 - 1


class TooManyUploads(Busy):
    """As many uploads as are taken at once are under way."""

    code = "too_many_uploads"


def upload_service(
    db: Database, *, settings: VectorsSettings, kernel_settings: Settings, invalidator: CacheInvalidator | None = None
) -> GrpcService:
    """The service on the port of the settings."""
    slots = asyncio.Semaphore(UPLOADS)

    async def upload_embeddings(messages: AsyncIterator[bytes], context: Context) -> bytes:
        """Stores what is sent and answers with the fate of every row."""
        await _enter(slots, settings.ingest.wait)
        try:
            summary = await upload.receive(
                db,
                messages,
                settings=settings,
                kernel_settings=kernel_settings,
                source=context.peer() or "upload",
                invalidator=invalidator,
            )
        finally:
            slots.release()
        return _result(summary).SerializeToString()

    return raw_service(
        settings.grpc_port, EMBEDDING_STREAM_SERVICE, {"UploadEmbeddings": client_stream(upload_embeddings)}
    )


async def _enter(slots: asyncio.Semaphore, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await slots.acquire()
    except TimeoutError:
        raise TooManyUploads(f"{UPLOADS} uploads are under way", hint="Try again in a moment.") from None


def _result(summary: upload.UploadSummary) -> pb.UploadResult:
    counts = summary.counts
    return pb.UploadResult(
        success=True,
        total_rows=min(counts.received, _MOST_INT32),
        stored_rows=min(counts.stored, _MOST_INT32),
        skipped_rows=min(counts.skipped, _MOST_INT32),
        dead_lettered_rows=min(counts.dead, _MOST_INT32),
        message=summary.message,
    )
