"""A small AI server for tests: real gRPC, rows that are the same each time, and a note of what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.grpc import Context, GrpcServer, raw_service, server_stream
from hirehub.kernel.settings import GrpcSettings
from tests.support.ops import recruit


@asynccontextmanager
async def ai_server(
    rows: int = 3, *, more: Sequence[pb.RecruitRow] = (), pause: float = 0.0
) -> AsyncIterator[tuple[str, list[pb.StreamEmbeddingRequest]]]:
    """Its address, and what it was asked. It sends `rows` recruits after the asked id, one a chunk, then `more`."""
    asked: list[pb.StreamEmbeddingRequest] = []

    async def stream(request: bytes, _context: Context) -> AsyncIterator[bytes]:
        wanted = pb.StreamEmbeddingRequest.FromString(request)
        asked.append(wanted)
        for row in (*(recruit(number) for number in range(rows)), *more):
            if row.id > wanted.last_processed_uuid:
                yield pb.RowChunk(rows=[row]).SerializeToString()
                await asyncio.sleep(pause)

    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"GetEmbeddings": server_stream(stream)})
    async with GrpcServer(GrpcSettings(), port=0, services=[service]) as server:
        yield server.target, asked
