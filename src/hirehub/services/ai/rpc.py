"""GetEmbeddings: rows out of a file, in order, from after any id.

Reading and encoding happen in threads; a stream holds the block that is being sent and the next one, and waits for its
reader before it takes more. Bytes go from the source to the wire as they are.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from hirehub.contracts.pb.embedding_stream_pb2 import StreamEmbeddingRequest
from hirehub.contracts.vectors import DEFAULT_CHUNK_ROWS, EMBEDDING_STREAM_SERVICE, RECRUIT
from hirehub.kernel.errors import Busy, HirehubError, Invalid, Kind
from hirehub.kernel.grpc import Context, parse, raw_service, server_stream
from hirehub.kernel.module import GrpcService
from hirehub.services.ai.catalog import Catalog, SourceNotReady, UnreadableSource
from hirehub.services.ai.shape import by_name
from hirehub.services.ai.sources.batches import chunks
from hirehub.services.ai.sources.ids import parse_id
from hirehub.services.ai.sources.source import Source

BLOCK = 1 << 20
"""Bytes that a thread reads at one go."""


class BadResumeId(Invalid):
    """What should say where to resume is no UUID."""

    code = "bad_resume_id"


class BadChunkSize(Invalid):
    """A chunk size that is negative, or that no message could hold."""

    code = "bad_chunk_size"


class TooManyStreams(Busy):
    """As many streams as are served at once are under way."""

    code = "too_many_streams"


class EmbeddingStream:
    """The service's methods. `largest_message` is what the server may send at once."""

    def __init__(self, catalog: Catalog, readers: ThreadPoolExecutor, *, largest_message: int, streams: int) -> None:
        self._catalog = catalog
        self._readers = readers
        self._largest = largest_message
        self._free = streams

    def service(self, port: int) -> GrpcService:
        """The service as a part of a process."""
        return raw_service(port, EMBEDDING_STREAM_SERVICE, {"GetEmbeddings": server_stream(self.get_embeddings)})

    async def get_embeddings(self, request: bytes, context: Context) -> AsyncIterator[bytes]:
        """Streams a domain's rows after an id in chunks of one size."""
        del context
        asked = parse(StreamEmbeddingRequest, request)
        domain = by_name(asked.domain or RECRUIT).domain
        after = _resume_id(asked.last_processed_uuid)
        if not self._free:
            raise TooManyStreams("all streams that are served at once are taken", hint="Try again later.")
        self._free -= 1
        try:
            source = await self._catalog.open(domain)
            rows = check_chunk_size(asked.chunk_size, self._largest, source.largest)
            async for chunk in read(source, after, rows, self._readers, self._largest):
                yield chunk
        finally:
            self._free += 1
            if domain in self._catalog.domains:
                self._catalog.tell(domain)


def _resume_id(text: str) -> bytes | None:
    """The key to resume after; None for the start."""
    if not text:
        return None
    key = parse_id(text)
    if key is None:
        raise BadResumeId("last_processed_uuid is no UUID", hint="Send the last id as it came, or nothing.")
    return key


def check_chunk_size(asked: int, largest_message: int, largest_row: int) -> int:
    """The rows a chunk for what was asked (0: the default); BadChunkSize tells how many a message can hold."""
    most = largest_message // max(largest_row, 1)
    rows = asked or DEFAULT_CHUNK_ROWS
    if rows < 0 or rows > most:
        raise BadChunkSize(
            f"chunk_size {rows} cannot be: a message of {largest_message} bytes holds at most {most} rows",
            hint=f"Ask for 1 to {most} rows, or 0 for {DEFAULT_CHUNK_ROWS}.",
        )
    return rows


async def read(
    source: Source, after: bytes | None, rows: int, readers: ThreadPoolExecutor, largest: int
) -> AsyncIterator[bytes]:
    """The source's chunks. Threads read a block ahead; ends them when the reader goes away."""
    produced = chunks(source.batches(after, rows), rows)
    pending = readers.submit(_block, produced)
    try:
        while True:
            block = await _settled(pending)
            if not block:
                return
            pending = readers.submit(_block, produced)
            for chunk in block:
                if len(chunk) > largest:
                    check_chunk_size(rows, largest, max(source.largest, -(-len(chunk) // rows)))
                yield chunk
    finally:
        pending.add_done_callback(lambda _: produced.close())


async def _settled(pending: "Future[list[bytes]]") -> list[bytes]:
    """What the thread read; a fault of the file becomes an error of the call."""
    try:
        return await asyncio.wrap_future(pending)
    except HirehubError as error:
        kind = SourceNotReady if error.kind is Kind.UNAVAILABLE else UnreadableSource
        raise kind(f"the stream ends, as its file cannot be read on: {error.message}", hint=error.hint) from None


def _block(produced: Iterator[bytes]) -> list[bytes]:
    """The next chunks, up to about BLOCK bytes; nothing at the end."""
    block: list[bytes] = []
    size = 0
    for chunk in produced:
        block.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            break
    return block
