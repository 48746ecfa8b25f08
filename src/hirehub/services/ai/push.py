"""Pushes a file's rows to a batch server with UploadEmbeddings, and tells what became of them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import grpc

from hirehub.contracts.pb.embedding_stream_pb2 import UploadResult
from hirehub.contracts.vectors import UPLOAD_EMBEDDINGS
from hirehub.kernel.grpc import from_rpc_error, open_channel, parse
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.report import Report
from hirehub.services.ai.rpc import check_chunk_size, read
from hirehub.services.ai.shape import Shape, by_name
from hirehub.services.ai.sources.library import Library
from hirehub.services.ai.sources.source import Source


@dataclass(frozen=True)
class PushResult:
    """The receiver's answer, beside what could not be sent to it."""

    success: bool
    total_rows: int
    stored_rows: int
    skipped_rows: int
    dead_lettered_rows: int
    message: str
    report: Report

    def as_dict(self) -> dict[str, object]:
        """The same in plain values."""
        return {**vars(self), "report": self.report.as_dict()}


async def push(
    domain: str,
    path: Path,
    target: str,
    *,
    columns: Columns,
    library: Library,
    settings: GrpcSettings,
    chunk_rows: int = 0,
    progress: Callable[[int], None] | None = None,
) -> PushResult:
    """Streams all rows of a file to HOST:PORT. `progress` is told the number of rows sent so far."""
    shape = by_name(domain)
    with ThreadPoolExecutor(1, thread_name_prefix="ai-push") as readers:
        source = await _opened(readers, library, path, shape, columns)
        rows = check_chunk_size(chunk_rows, settings.max_message, source.largest)
        async with open_channel(target, settings) as channel:
            call = channel.stream_unary(UPLOAD_EMBEDDINGS)()
            sent = 0
            try:
                async for chunk in read(source, None, rows, readers, settings.max_message):
                    await call.write(chunk)
                    sent += rows
                    if progress is not None:
                        progress(min(sent, source.report.rows - source.report.held_back))
                await call.done_writing()
            except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
                pass  # the receiver ended the call; how it ended says why
            except BaseException:
                call.cancel()
                raise
            try:
                answer = parse(UploadResult, await call)
            except grpc.aio.AioRpcError as error:
                raise from_rpc_error(error, target) from None
    return PushResult(
        success=answer.success,
        total_rows=answer.total_rows,
        stored_rows=answer.stored_rows,
        skipped_rows=answer.skipped_rows,
        dead_lettered_rows=answer.dead_lettered_rows,
        message=answer.message,
        report=source.report,
    )


async def _opened(readers: ThreadPoolExecutor, library: Library, path: Path, shape: Shape, columns: Columns) -> Source:
    """The file's rows; reading them is given up when the push is."""
    try:
        return await asyncio.get_running_loop().run_in_executor(readers, library.open, path, shape, columns)
    except asyncio.CancelledError:
        library.stopping.set()
        raise
