"""The words that everyone who sends, stores or reads embedded rows agrees on."""

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
