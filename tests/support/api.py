"""The API server for tests: the part as the runtime builds it, on real sockets, over rows that were put into tables."""

import json
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg
from psycopg import sql

from hirehub.contracts.pb import cache_pb2
from hirehub.contracts.user import Companies
from hirehub.contracts.vectors import INVALIDATE_CACHE
from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.cache import open_cache
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.grpc import GrpcServer, open_channel
from hirehub.kernel.http import HttpServer, create_app
from hirehub.kernel.module import PartContext
from hirehub.kernel.settings import CacheSettings, Settings
from hirehub.services.vectors import api
from hirehub.services.vectors.domain.domains import Domain, by_name
from tests.support.vectors_db import VectorsDb
from tests.support.web import Answer, ask

ALONE: Final = UUID(int=9)
"""Somebody who has signed up for a company and acts for none."""


class Acting:
    """Answers as the service `user` does: everybody but ALONE acts for a company."""

    async def of(self, user_id: UUID) -> Sequence[UUID]:
        """See Companies.of."""
        return [] if user_id == ALONE else [UUID(int=1)]


Vectors = npt.NDArray[np.float32]
JSON = {"content-type": "application/json", "host": "localhost"}


def row_id(number: int) -> UUID:
    """The id of a test's row; greater numbers have greater ids."""
    return UUID(int=(0x018F << 112) | (7 << 76) | (2 << 62) | number)


def clustered(count: int, dimension: int = 384, seed: int = 5, groups: int = 25) -> Vectors:
    """Unit vectors around some centres: near ones exist, and no two are equal."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((groups, dimension))
    vectors = centres[rng.integers(0, groups, count)] + 0.5 * rng.standard_normal((count, dimension))
    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def text_of(vector: Sequence[float] | Vectors) -> str:
    """A vector in pgvector's words."""
    return "[" + ",".join(repr(float(value)) for value in vector) + "]"


def put_rows(db: VectorsDb, domain: str, vectors: Vectors, rows: Sequence[Mapping[str, Any]] = ()) -> list[UUID]:
    """Stores vectors with ids by their number; `rows` state metadata, by number, over plain defaults."""
    described = by_name(domain)
    ids = [row_id(number) for number in range(len(vectors))]
    defaults: dict[str, Any] = {
        "recruit": {"company_name": "Acme", "exp_years": 1, "english_level": None, "primary_keyword": None},
        "candidate": {"name": "Developer", "experience_years": 1, "skills": []},
    }[domain]
    names = ["id", *(column.name for column in described.columns)]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    metadata = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(described.metadata_table), columns)
    embedding = sql.SQL("COPY {} (id, vector) FROM STDIN").format(sql.Identifier(described.embedding_table))
    with psycopg.connect(db.dsn("owner")) as connection, connection.cursor() as cursor:
        index = _drop_index(connection, described)
        with cursor.copy(metadata) as copy:
            for number, one in enumerate(ids):
                stated = defaults | dict(rows[number] if number < len(rows) else {})
                copy.write_row([one, *(stated.get(name) for name in names[1:])])
        with cursor.copy(embedding) as copy:
            for one, vector in zip(ids, vectors, strict=True):
                copy.write_row([one, text_of(vector)])
        connection.execute(index.encode())
    return ids


def _drop_index(connection: psycopg.Connection[Any], domain: Domain) -> str:
    """Drops the index over the vectors, since rows go in faster without it; the statement that makes it again."""
    row = connection.execute("SELECT pg_get_indexdef(to_regclass(%s))", (domain.index,)).fetchone()
    assert row is not None
    connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(domain.index)))
    return str(row[0])


def execute(db: VectorsDb, statement: str, *params: Any, role: str = "owner") -> None:
    """Runs a statement beside the server."""
    with psycopg.connect(db.dsn(role), autocommit=True) as connection:
        connection.execute(statement.encode(), params)


def exact(vectors: Vectors, query: Vectors, count: int) -> list[int]:
    """Numpy's own nearest by cosine, nearest first."""
    wide = vectors.astype(np.float64)
    distances = 1 - wide @ query / (np.linalg.norm(wide, axis=1) * math.sqrt(float(query @ query)))
    return [int(place) for place in np.argsort(distances, kind="stable")[:count]]


@dataclass
class Api:
    """A running API server."""

    http: HttpServer
    grpc: GrpcServer
    settings: Settings
    notes: Sequence[str] = ()
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))

    async def post(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """The answer to a query, with its errors."""
        body = json.dumps({"query": query, "variables": dict(variables or {}), **more}).encode()
        return (await self.send(body)).json

    async def send(self, body: bytes, **headers: str) -> Answer:
        """The answer to any bytes."""
        return await ask(self.http, "POST", "/graphql", body, **(self.headers | headers))

    async def data(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.post(query, variables, **more)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def error(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """The only error of an answer: its extensions and, beside them, its message."""
        answer = await self.post(query, variables, **more)
        (found,) = answer["errors"]
        return {"message": found["message"], **found["extensions"]}

    async def invalidate(self, target: str) -> cache_pb2.CacheInvalidateResponse:
        """InvalidateCache, as the batch server calls it."""
        async with open_channel(self.grpc.target, self.settings.grpc) as channel:
            call = channel.unary_unary(INVALIDATE_CACHE)
            request = cache_pb2.CacheInvalidateRequest(target=target).SerializeToString()
            return cache_pb2.CacheInvalidateResponse.FromString(await call(request, timeout=10))


@asynccontextmanager
async def running_api(db: VectorsDb, *, redis: str | None = None, **options: Any) -> AsyncIterator[Api]:
    """The part on free ports, over the database; with `redis`, its address, replicas share answers."""
    settings = db.settings.model_copy(update={"cache": CacheSettings.model_validate({"url": redis})})
    async with AsyncExitStack() as stack:
        cache = await open_cache(settings.cache)
        stack.push_async_callback(cache.close)
        asked = {Callers: Callers(settings, cache), Companies: Acting()}
        part = await api.build(PartContext(settings, SystemClock(), cache, options, asked))
        if part.close is not None:
            stack.push_async_callback(part.close)
        app = create_app("test", settings=settings.http, mounts=part.http, checks=part.checks)
        http = await stack.enter_async_context(HttpServer(app, host="127.0.0.1", port=0, grace=1))
        grpc = await stack.enter_async_context(GrpcServer(settings.grpc, port=0, services=part.grpc))
        yield Api(http, grpc, settings, part.notes)
