"""A batch server for tests: UploadEmbeddings on a free port, and a client that sends it bytes."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import UPLOAD_EMBEDDINGS
from hirehub.kernel.db import Database
from hirehub.kernel.grpc import GrpcServer, open_channel
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.rpc import upload_service
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from tests.support.loads import quick
from tests.support.vectors_db import VectorsDb


@dataclass
class Client:
    """Sends uploads to one server."""

    target: str
    settings: GrpcSettings

    async def upload(self, messages: "Iterable[bytes] | AsyncIterator[bytes]") -> pb.UploadResult:
        """One upload; raises AioRpcError where the server refuses it."""
        async with open_channel(self.target, self.settings) as channel:
            method: grpc.aio.StreamUnaryMultiCallable[Any, bytes] = channel.stream_unary(UPLOAD_EMBEDDINGS)
            sent = messages if isinstance(messages, AsyncIterator) else _each(messages)
            return pb.UploadResult.FromString(await method(sent))


async def _each(messages: Iterable[bytes]) -> AsyncIterator[bytes]:
    for message in messages:
        yield message


@asynccontextmanager
async def batch_server(
    database: Database,
    vectors_db: VectorsDb,
    *,
    settings: VectorsSettings | None = None,
    grpc_settings: GrpcSettings | None = None,
    targets: Sequence[str] = (),
) -> AsyncIterator[Client]:
    """A server that takes uploads, and tells `targets`."""
    limits = grpc_settings or GrpcSettings()
    service = upload_service(
        database,
        settings=settings or quick(),
        kernel_settings=vectors_db.settings.model_copy(update={"grpc": limits}),
        invalidator=CacheInvalidator(database, limits, targets),
    )
    async with GrpcServer(limits, port=0, services=[service]) as server:
        yield Client(server.target, GrpcSettings(max_message=256 * 1024 * 1024))
