"""The words that everyone who sends, stores or reads embedded rows agrees on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

RECRUIT: Final = "recruit"
CANDIDATE: Final = "candidate"
DOMAINS: Final = (RECRUIT, CANDIDATE)

DEFAULT_CHUNK_ROWS: Final = 300
"""Rows a chunk where a request says 0."""

GET_EMBEDDINGS: Final = "/EmbeddingStreamService/GetEmbeddings"
UPLOAD_EMBEDDINGS: Final = "/EmbeddingStreamService/UploadEmbeddings"
INVALIDATE_CACHE: Final = "/CacheService/InvalidateCache"
EMBEDDING_STREAM_SERVICE: Final = "EmbeddingStreamService"
CACHE_SERVICE: Final = "CacheService"


@dataclass(frozen=True)
class Wanted:
    """The vectors that a domain takes: of this model, any where it is empty, with so many floats."""

    model: str
    dimension: int


@dataclass(frozen=True)
class BatchServer:
    """Who takes uploads; `target` (HOST:PORT) is None where it does not run in this process."""

    target: str | None
    wanted: Mapping[str, Wanted]
    """By domain."""
