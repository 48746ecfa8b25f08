"""Embedded rows for tests, and a sender of them that breaks, stalls or lies as a test asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import grpc
import numpy as np

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.db import Database
from hirehub.kernel.grpc import Context, GrpcServer, raw_service, server_stream
from hirehub.kernel.ids import uuid7_at
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.vectors.domain.domains import by_name

DIMENSION = 384
_START_MILLIS = 1_700_000_000_000


def entity(number: int) -> UUID:
    """The id of the row of that number; ids ascend with numbers."""
    return uuid7_at(_START_MILLIS + number, number)


def vector(number: int, dimension: int = DIMENSION) -> bytes:
    """The vector of the row of that number, as it lies on the wire."""
    return np.random.default_rng(number).standard_normal(dimension).astype("<f4").tobytes()


def recruit(number: int, **changes: Any) -> pb.RecruitRow:
    """A sound recruit row; `changes` replace fields."""
    fields: dict[str, Any] = {
        "id": str(entity(number)),
        "company_name": f"Company {number % 50}",
        "exp_years": number % 12,
        "english_level": "upper" if number % 3 else "",
        "primary_keyword": "Java",
        "vector": vector(number),
        "updated_at_micros": 1_700_000_000_000_000 + number,
    }
    return pb.RecruitRow(**(fields | changes))


def candidate(number: int, **changes: Any) -> pb.CandidateRow:
    """A sound candidate row; `changes` replace fields."""
    fields: dict[str, Any] = {
        "id": str(entity(number)),
        "name": f"Person {number}",
        "skills": ["python", "sql"] if number % 2 else [],
        "experience_years": number % 30,
        "education_level": "master" if number % 2 else "",
        "preferred_location": "",
        "vector": vector(number),
        "updated_at_micros": 1_700_000_000_000_000 + number,
    }
    if number % 3:
        fields["expected_salary"] = 40_000_000 + number
    return pb.CandidateRow(**(fields | changes))


Row = pb.RecruitRow | pb.CandidateRow


def message(rows: Iterable[Row]) -> bytes:
    """A RowChunk of the rows."""
    chunk = pb.RowChunk()
    for row in rows:
        (chunk.rows if isinstance(row, pb.RecruitRow) else chunk.candidates).append(row)  # type: ignore[arg-type] # each in its own list
    return chunk.SerializeToString()


def messages(rows: Sequence[Row], size: int = 300) -> list[bytes]:
    """The rows in chunks."""
    return [message(rows[at : at + size]) for at in range(0, len(rows), size)]


class BreakOff(Exception):
    """In a script: the stream breaks here."""


@dataclass
class Sender:
    """Serves GetEmbeddings. Each call plays the next script of `scripts`, the last one for ever.

    A script gets the request and yields messages; it may raise BreakOff, or wait.
    """

    scripts: "list[Callable[[pb.StreamEmbeddingRequest], AsyncIterator[bytes]]]"
    requests: list[pb.StreamEmbeddingRequest] = field(default_factory=list)
    target: str = ""

    async def get_embeddings(self, request: bytes, context: Context) -> AsyncIterator[bytes]:
        """GetEmbeddings."""
        parsed = pb.StreamEmbeddingRequest.FromString(request)
        script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
        self.requests.append(parsed)
        try:
            async for part in script(parsed):
                yield part
        except BreakOff:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the sender broke off")


@asynccontextmanager
async def sending(*scripts: Any, settings: GrpcSettings | None = None) -> AsyncIterator[Sender]:
    """A sender that plays scripts (a list of messages is one) on a free port."""
    sender = Sender([script if callable(script) else fixed(script) for script in scripts])
    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"GetEmbeddings": server_stream(sender.get_embeddings)})
    async with GrpcServer(settings or GrpcSettings(), port=0, services=[service]) as server:
        sender.target = server.target
        yield sender


def fixed(parts: Sequence[bytes]) -> "Callable[[pb.StreamEmbeddingRequest], AsyncIterator[bytes]]":
    """A script that sends the messages, whatever is asked."""

    async def script(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    return script


def breaking(rows: Sequence[Row]) -> "Callable[[pb.StreamEmbeddingRequest], AsyncIterator[bytes]]":
    """A script that sends the rows, whatever is asked, and breaks."""

    async def script(_: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        yield message(rows)
        raise BreakOff

    return script


async def trickle(rows: Sequence[Row], *, pause: float) -> AsyncIterator[bytes]:
    """An upload of a row at a time, which does not end for half a minute after the last."""
    for row in rows:
        yield message([row])
        await asyncio.sleep(pause)
    await asyncio.sleep(30)


def source(
    rows: Sequence[Row], *, size: int = 300, break_after: int | None = None, pause: float = 0.0
) -> "Callable[[pb.StreamEmbeddingRequest], AsyncIterator[bytes]]":
    """A script that behaves: the rows after the one asked for, in chunks; it may break after some chunks."""

    async def script(request: pb.StreamEmbeddingRequest) -> AsyncIterator[bytes]:
        after = UUID(request.last_processed_uuid).bytes if request.last_processed_uuid else b""
        left = [row for row in rows if UUID(row.id).bytes > after]
        for number, part in enumerate(messages(left, request.chunk_size or size)):
            if number == break_after:
                raise BreakOff
            if pause:
                await asyncio.sleep(pause)
            yield part

    return script


async def stored(database: Database, domain: str = "recruit") -> list[tuple[Any, ...]]:
    """All rows of both tables, joined, in order of id."""
    described = by_name(domain)
    columns = ", ".join(f"m.{column.name}" for column in described.columns)
    async with database.read() as tx:
        return await tx.fetch_all(
            f"SELECT m.id, {columns}, m.updated_at, vector_send(e.vector), e.updated_at"
            f" FROM {described.metadata_table} m FULL JOIN {described.embedding_table} e USING (id) ORDER BY 1"
        )
