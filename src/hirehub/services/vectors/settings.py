"""Settings of the service `vectors` (prefix `HIREHUB_VECTORS__`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_settings import NoDecode

from hirehub.kernel.settings import OptionalTarget, Port, Positive, Seconds, SettingsGroup, Target, Token


def _split(value: object) -> object:
    """Takes "a,b" as well as a sequence."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]

Dimension = Annotated[int, Field(ge=1, le=2000)]


class IndexSettings(BaseModel, frozen=True):
    """The index over a domain's vectors. The reference's is ivfflat, l2, 100 lists."""

    kind: Literal["hnsw", "ivfflat"] = Field("hnsw", description="Kind of index.")
    metric: Literal["cosine", "l2", "ip"] = Field("cosine", description="Distance that nearness is measured by.")
    m: Annotated[int, Field(ge=2, le=100)] = Field(24, description="hnsw: links a node.")
    ef_construction: Annotated[int, Field(ge=4, le=1000)] = Field(200, description="hnsw: breadth while building.")
    ef_search: Annotated[int, Field(ge=1, le=1000)] = Field(100, description="hnsw: breadth while searching.")
    lists: Annotated[int, Field(ge=1, le=32768)] = Field(100, description="ivfflat: number of lists.")
    probes: Annotated[int, Field(ge=1, le=32768)] = Field(20, description="ivfflat: lists that a search reads.")


class DomainSettings(BaseModel, frozen=True):
    """What may differ between recruits and candidates."""

    dimension: Dimension = Field(384, description="Floats a vector; held against the column's type.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        max_length=100,
        description="Model that made the vectors: searches by text ask no other one. Empty: ask any.",
    )
    index: IndexSettings = IndexSettings()
    source: OptionalTarget = Field(None, description="HOST:PORT of the AI server that scheduled pulls ask.")
    cron: str = Field("0 2 * * *", description="When the scheduled pull runs (UTC); empty: never.")
    full_cron: str = Field("", description="When a scheduled pull begins at the start; empty: never.")


class IngestSettings(BaseModel, frozen=True):
    """Bounds of the lane that stores rows."""

    chunk_rows: Annotated[int, Field(ge=0)] = Field(
        0, description="Rows a chunk asked of the AI server; 0: its default."
    )
    rows_per_write: Positive = Field(3000, description="Rows that one transaction stores.")
    bytes_per_write: Positive = Field(8_388_608, description="Bytes of rows that one transaction stores.")
    writers: Annotated[int, Field(ge=1, le=16)] = Field(2, description="Transactions under way at once.")
    queue: Positive = Field(4, description="Groups of rows that may wait for a writer.")
    attempts: Positive = Field(5, description="Broken streams in a row, without progress between, before giving up.")
    backoff: Seconds = Field(0.5, description="Seconds before the first new attempt; doubled each time, with jitter.")
    backoff_limit: Seconds = Field(30.0, description="Most seconds between two attempts.")
    lease: Seconds = Field(15.0, description="Seconds after which a silent holder of a domain counts as dead.")
    wait: Seconds = Field(30.0, description="Seconds to wait for a domain that another run holds, when asked to wait.")


class DeadLetterSettings(BaseModel, frozen=True):
    """Replaying what may now pass."""

    replay_cron: str = Field("*/10 * * * *", description="When dead letters that may now pass are tried again.")
    attempts: Positive = Field(5, description="Tries by schedule that one dead letter gets.")


class RecallSettings(BaseModel, frozen=True):
    """The self-check of the index against the exact scan."""

    sample: Annotated[int, Field(ge=0)] = Field(50, description="Queries after each load; 0: no check.")
    floor: Annotated[float, Field(ge=0, le=1)] = Field(0.95, description="Below it searches go exact until mended.")


class ApiSettings(BaseModel, frozen=True):
    """Bounds of the GraphQL server."""

    token: Token | None = Field(
        None,
        description="A bearer token of the server's own, good for everything, beside those of people and services.",
    )
    limit: Positive = Field(100, description="Most hits that one search may ask for.")
    depth: Positive = Field(8, description="Levels that a query may nest.")
    cost: Positive = Field(1000, description="Objects that a query may ask for.")
    aliases: Positive = Field(20, description="Aliases that a query may use.")
    ttl: Seconds = Field(300.0, description="Seconds that a cached answer lives.")
    cache_memory: Positive = Field(64, description="MiB of answers that a process keeps.")
    exact_rows: Positive = Field(5_000, description="Filtered rows up to which a search scans them exactly.")


class VectorsSettings(SettingsGroup, env_prefix="HIREHUB_VECTORS__"):
    """Everything of the service `vectors`."""

    grpc_port: Port = Field(50052, description="Port of UploadEmbeddings and InvalidateCache.")
    cache_targets: Annotated[tuple[Target, ...], BeforeValidator(_split), NoDecode] = Field(
        (), description="HOST:PORT of the API servers to tell, by commas; default its own."
    )
    english_levels: Annotated[Words, NoDecode] = Field(
        ("no_english", "basic", "pre", "intermediate", "upper", "fluent"), description="Levels that a row may state."
    )
    catch_up: bool = Field(True, description="A scheduled run missed while nothing ran is made up for at start.")
    anonymous: bool = Field(
        True, description="GraphQL asks no token of callers of this machine, and lets them ask for everything."
    )
    recruit: DomainSettings = DomainSettings()
    candidate: DomainSettings = DomainSettings()
    ingest: IngestSettings = IngestSettings()
    dead: DeadLetterSettings = DeadLetterSettings()
    recall: RecallSettings = RecallSettings()
    api: ApiSettings = ApiSettings()

    def of(self, domain: str) -> DomainSettings:
        """The settings of the domain of that name."""
        return {"recruit": self.recruit, "candidate": self.candidate}[domain]

    def targets(self) -> tuple[str, ...]:
        """The API servers to tell when answers went stale."""
        return self.cache_targets or (f"127.0.0.1:{self.grpc_port}",)
