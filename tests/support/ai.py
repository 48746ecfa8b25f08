"""Files of embedded rows, the AI server over them, and clients that ask it."""

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import GET_EMBEDDINGS
from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.grpc import GrpcServer, open_channel
from hirehub.kernel.module import Part, PartContext
from hirehub.kernel.settings import GrpcSettings, Settings
from hirehub.services.ai import shape
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.serving import build, library
from hirehub.services.ai.settings import AiSettings
from hirehub.services.ai.sources.batches import chunks
from hirehub.services.ai.sources.library import Library
from hirehub.services.ai.sources.loose import arrow as pa
from hirehub.services.ai.sources.pickles.convert import convert
from hirehub.services.ai.sources.source import Source
from hirehub.services.ai.sources.stored import Stored

PUBLISHED = Path(pb.__file__ or "").with_name("published.binpb")


def ids(count: int, start: int = 0) -> list[str]:
    """Ascending UUIDs."""
    return [
        str(uuid.UUID(int=(0x018F << 112) + (7 << 76) + (2 << 62) + (at << 8) + 5))
        for at in range(start, start + count)
    ]


def vectors(count: int, dimension: int = 8, seed: int = 1) -> Any:
    """(count, dimension) float32, the same from the same seed."""
    return np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)


def recruits(count: int, *, dimension: int = 8, start: int = 0, seed: int = 1, **replaced: Sequence[Any]) -> Any:
    """A table of recruits in order of id, with the published names; `replaced` gives columns other values."""
    columns: dict[str, Any] = {
        "id": ids(count, start),
        "Company Name": [f"Company {at % 7}" for at in range(count)],
        "Exp Years": [at % 11 for at in range(count)],
        "English Level": [[None, "basic", "upper"][at % 3] for at in range(count)],
        "Primary Keyword": [f"Keyword {at % 5}" for at in range(count)],
        "job_post_vectors": list(vectors(count, dimension, seed)),
    }
    return pa.table(
        {
            **columns,
            **{name.replace("_", " ") if name[0].isupper() else name: values for name, values in replaced.items()},
        }
    )


def write(path: Path, table: Any, group: int = 100) -> Path:
    """The table as Parquet with row groups of `group` rows."""
    pq.write_table(table, path, row_group_size=group)
    return path


def settings(folder: Path, **grpc: Any) -> Settings:
    """Settings of a product whose data lie in a folder."""
    return Settings(data_dir=folder / "data", grpc=GrpcSettings(**grpc))


def shelf(folder: Path, *, limits: Mapping[str, Any] | None = None, **grpc: Any) -> Library:
    """A library with its cache in a folder."""
    return library(AiSettings(limits=limits or {}), settings(folder, **grpc))


def opened(path: Path, folder: Path, domain: str = "recruit", columns: Columns | None = None, **extra: Any) -> Source:
    """The rows of a file."""
    return shelf(folder, **extra).open(path, shape.by_name(domain), columns or Columns())


def unpickled(path: Path, folder: Path, domain: str = "recruit", columns: Columns | None = None) -> Source:
    """The rows of a pickle, read in this process: the same code as in the child, without its start."""
    out = folder / f"rows-{uuid.uuid4().hex}"
    convert(path, out, shape.by_name(domain), columns or Columns(), largest_row=1 << 24, most_rows=1_000_000)
    return Stored(out)


def messages(source: Source, after: str | None = None, rows: int = 300) -> list[Any]:
    """A source's chunks as messages of our own descriptor."""
    key = uuid.UUID(after).bytes if after else None
    return [pb.RowChunk.FromString(chunk) for chunk in chunks(source.batches(key), rows)]


def rows_of(source: Source, after: str | None = None) -> list[Any]:
    """A source's rows, recruits or candidates."""
    return [row for message in messages(source, after) for row in (*message.rows, *message.candidates)]


def floats(row: Any) -> list[float]:
    """A row's vector."""
    found: list[float] = np.frombuffer(row.vector, "<f4").tolist()
    return found


@dataclass(frozen=True)
class Served:
    """A running AI server."""

    target: str
    settings: Settings
    part: Part

    async def chunks(self, after: str = "", chunk_size: int = 0, domain: str = "", **options: Any) -> list[Any]:
        """All chunks of a request."""
        request = pb.StreamEmbeddingRequest(last_processed_uuid=after, chunk_size=chunk_size, domain=domain)
        async with open_channel(self.target, self.settings.grpc) as channel:
            call = channel.unary_stream(GET_EMBEDDINGS)(request.SerializeToString(), **options)
            return [pb.RowChunk.FromString(message) async for message in call]

    async def rows(self, after: str = "", chunk_size: int = 0, domain: str = "") -> list[Any]:
        """All rows of a request."""
        found = await self.chunks(after, chunk_size, domain)
        return [row for chunk in found for row in (*chunk.rows, *chunk.candidates)]


@asynccontextmanager
async def serving(
    folder: Path, files: Mapping[str, Path], columns: Mapping[str, str] | None = None, **grpc: Any
) -> AsyncIterator[Served]:
    """The part `ai` over files, on a free port."""
    kernel = settings(folder, **grpc)
    options: dict[str, object] = {"files": files, "columns": columns or {}, "grpc_port": 0}
    part = await build(PartContext(kernel, SystemClock(), MemoryCache(1 << 20), options))
    try:
        async with GrpcServer(kernel.grpc, port=0, services=part.grpc, published=PUBLISHED.read_bytes()) as server:
            yield Served(server.target, kernel, part)
    finally:
        if part.close is not None:
            await part.close()


def published(name: str) -> Any:
    """A message class out of the published descriptors (`repeated float vector`), in a pool of its own."""
    found = descriptor_pb2.FileDescriptorSet.FromString(PUBLISHED.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in found.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
