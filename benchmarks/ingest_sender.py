"""A sender of generated rows that costs the machine as little as it can: chunks are built before it serves them.

`python -m benchmarks.ingest_sender ROWS DIMENSION SEED [SOURCE]` prints its address, and serves until its input ends.
"""

import asyncio
import sys
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

from benchmarks.rows import recruit_chunks
from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import DEFAULT_CHUNK_ROWS, EMBEDDING_STREAM_SERVICE
from hirehub.kernel.grpc import Context, GrpcServer, raw_service, server_stream
from hirehub.kernel.settings import GrpcSettings


def recruits(rows: int, dimension: int, seed: int, source: Path | None = None) -> Iterator[pb.RecruitRow]:
    """Generated rows as they go over the wire."""
    for part in recruit_chunks(rows, dimension, seed, source):
        columns = (part.texts(), part.company, part.years.tolist(), part.level, part.keyword, part.vectors)
        for entity, company, years, level, keyword, vector in zip(*columns, strict=True):
            yield pb.RecruitRow(
                id=entity,
                company_name=company,
                exp_years=years,
                english_level=level or "",
                primary_keyword=keyword,
                vector=vector.astype("<f4").tobytes(),
            )


def built_chunks(rows: Iterator[pb.RecruitRow], size: int = DEFAULT_CHUNK_ROWS) -> list[tuple[bytes, bytes]]:
    """(last id, message) of every chunk."""
    chunks: list[tuple[bytes, bytes]] = []
    waiting: list[pb.RecruitRow] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == size:
            chunks.append((UUID(waiting[-1].id).bytes, pb.RowChunk(rows=waiting).SerializeToString()))
            waiting = []
    if waiting:
        chunks.append((UUID(waiting[-1].id).bytes, pb.RowChunk(rows=waiting).SerializeToString()))
    return chunks


async def serve(chunks: list[tuple[bytes, bytes]]) -> None:
    """Serves GetEmbeddings, from chunk to chunk, until standard input ends."""
    lasts = [last for last, _ in chunks]

    async def get_embeddings(request: bytes, _context: Context) -> AsyncIterator[bytes]:
        after = pb.StreamEmbeddingRequest.FromString(request).last_processed_uuid
        start = bisect_right(lasts, UUID(after).bytes) if after else 0
        for _, message in chunks[start:]:
            yield message

    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"GetEmbeddings": server_stream(get_embeddings)})
    async with GrpcServer(GrpcSettings(), port=0, services=[service]) as server:
        print(server.target, flush=True)
        await asyncio.to_thread(sys.stdin.read)


def run() -> None:
    """The command."""
    rows, dimension, seed, *source = sys.argv[1:]
    made = recruits(int(rows), int(dimension), int(seed), Path(source[0]) if source else None)
    asyncio.run(serve(built_chunks(made)))


if __name__ == "__main__":
    run()
