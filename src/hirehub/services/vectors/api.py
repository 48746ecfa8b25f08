"""Part `vectors.api`: answers GraphQL at /graphql, and drops kept answers when told that they went stale.

It reads as the role that may only read. Like the batch server it refuses to start where the settings' dimension is not
the column's, since no search could be answered.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Final, cast

from hirehub import __version__
from hirehub.contracts.pb import cache_pb2
from hirehub.contracts.text_embedding import TextEmbedder
from hirehub.contracts.user import Companies
from hirehub.contracts.vectors import CACHE_SERVICE
from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.cache import CachePort, TwoLevelCache
from hirehub.kernel.db import Database, open_database
from hirehub.kernel.grpc import Context, parse, raw_service, unary
from hirehub.kernel.module import Check, GrpcService, HttpMount, Part, PartContext
from hirehub.kernel.settings import load
from hirehub.kernel.telemetry import get_logger
from hirehub.services.vectors.domain.domains import DOMAINS, by_name
from hirehub.services.vectors.graphql.access import Access
from hirehub.services.vectors.graphql.answers import Answers
from hirehub.services.vectors.graphql.endpoint import Endpoint
from hirehub.services.vectors.graphql.engine import Engine
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import states
from hirehub.services.vectors.usecases import dimension
from hirehub.services.vectors.usecases.browse import Browser
from hirehub.services.vectors.usecases.search import Searcher

PATH = "/graphql"
_MEBIBYTE = 1_048_576
_SCHEDULED: Final = {"source": True, "cron": True, "full_cron": True}
_UNSHAPING: Final = {
    "recruit": _SCHEDULED,
    "candidate": _SCHEDULED,
    "api": {"token": True, "ttl": True, "cache_memory": True},
}
"""Settings beside those of searches that no answer depends on."""
_log = get_logger(__name__)


async def build(context: PartContext) -> Part:
    """The part. `context.options["embedder"]` may hold another model than the runtime's."""
    settings = load(VectorsSettings)
    db = await open_database(context.settings, "vectors", role="reader")

    async def ready() -> None:
        await _require_dimensions(db, settings)

    try:
        await ready()
        cache = await _open_cache(context.cache, db, settings)
        answers = Answers(cache, settings.api.ttl)
        await answers.open()
    except BaseException:
        await db.close()
        raise

    async def close() -> None:
        cache.close()
        await db.close()

    embedder = cast("TextEmbedder | None", context.options.get("embedder") or context.ports.get(TextEmbedder))
    searcher = Searcher(db, settings, cache=cache, embedder=embedder)
    engine = Engine(searcher, Browser(db, settings), settings.api)
    companies = context.port(Companies)  # type: ignore[type-abstract]  # a key, never called
    access = Access(context.port(Callers), companies, anonymous=settings.anonymous, token=settings.api.token)
    return Part(
        http=[HttpMount(PATH, Endpoint(engine, answers, access))],
        grpc=[cache_service(settings.grpc_port, answers.drop)],
        checks=[Check("vectors.api", ready)],
        close=close,
        notes=[access.note],
    )


def cache_service(port: int, drop: Callable[[str], Awaitable[None]]) -> GrpcService:
    """InvalidateCache: drops what is kept about a domain, however often it is told to.

    An unknown target is INVALID_ARGUMENT, as an unknown domain is everywhere; nothing is dropped then.
    """

    async def invalidate_cache(request: bytes, _context: Context) -> bytes:
        target = by_name(parse(cache_pb2.CacheInvalidateRequest, request).target).name
        await drop(target)
        _log.info("cache_invalidated", domain=target)
        answer = cache_pb2.CacheInvalidateResponse(success=True, message=f"answers about {target} are dropped")
        return answer.SerializeToString()

    return raw_service(port, CACHE_SERVICE, {"InvalidateCache": unary(invalidate_cache)})


async def _open_cache(port: CachePort, db: Database, settings: VectorsSettings) -> TwoLevelCache:
    """The cache of answers, apart from those of other databases, and from those that other settings give.

    The identity is asked of the server that writes: one that follows it by logical replication has its own.
    """
    async with db.transaction() as tx:
        source = f"{await states.database_identity(tx)}:"
    return TwoLevelCache(port, settings.api.cache_memory * _MEBIBYTE, source=source, shape=answer_shape(settings))


def answer_shape(settings: VectorsSettings) -> bytes:
    """A digest of what shapes an answer besides the rows: the release, and the settings of domains and searches."""
    shaping = settings.model_dump_json(include={"recruit", "candidate", "api"}, exclude=_UNSHAPING)
    return blake2b(f"{__version__} {shaping}".encode(), digest_size=32).digest()


async def _require_dimensions(db: Database, settings: VectorsSettings) -> None:
    """Raises DimensionMismatch, or DatabaseUnavailable, where searches cannot be answered."""
    async with db.read() as tx:
        for domain in DOMAINS:
            await dimension.require(tx, settings, domain)
