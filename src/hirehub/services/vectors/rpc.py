"""EmbeddingStreamService of the batch server: UploadEmbeddings. Transport to use case and back, no rules.

Messages stay bytes up to the reader, so that one that cannot be read is told as INVALID_ARGUMENT. A bounded number of
uploads is being stored at once; more wait a while, their senders held back by gRPC's flow control.
"""

from collections.abc import AsyncIterator
from typing import Final

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.db import Database
from hirehub.kernel.grpc import Context, client_stream, raw_service
from hirehub.kernel.module import GrpcService
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases import upload
from hirehub.services.vectors.usecases.heartbeat import Line
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from hirehub.services.vectors.usecases.slots import Slots

UPLOADS: Final = 16
"""Uploads being stored at once in a process: what bounds its memory and its connections."""
MOST_OPEN: Final = 128
"""Uploads open at once, each with a message at most while it has no slot; half of the calls that a server takes."""
_MOST_INT32: Final = 2**31 - 1


def upload_service(
    db: Database, *, settings: VectorsSettings, kernel_settings: Settings, invalidator: CacheInvalidator | None = None
) -> GrpcService:
    """The service on the port of the settings."""
    slots = Slots(UPLOADS, most=MOST_OPEN, patience=settings.ingest.wait)
    line = Line(db, settings.ingest.lease)

    async def upload_embeddings(messages: AsyncIterator[bytes], context: Context) -> bytes:
        """Stores what is sent and answers with the fate of every row."""
        async with slots.enter() as slot:
            summary = await upload.receive(
                db,
                messages,
                settings=settings,
                kernel_settings=kernel_settings,
                source=context.peer() or "upload",
                invalidator=invalidator,
                slot=slot,
                line=line,
            )
        return _result(summary).SerializeToString()

    return raw_service(
        settings.grpc_port, EMBEDDING_STREAM_SERVICE, {"UploadEmbeddings": client_stream(upload_embeddings)}
    )


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
