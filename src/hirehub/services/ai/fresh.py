"""Sends fresh vectors of posts and candidates to a batch server, a few or many at a time."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import grpc
import numpy as np
from numpy.typing import NDArray

from hirehub.contracts.pb import embedding_stream_pb2 as pb
from hirehub.contracts.vectors import CANDIDATE, RECRUIT, UPLOAD_EMBEDDINGS
from hirehub.kernel.grpc import from_rpc_error, open_channel, parse
from hirehub.kernel.settings import GrpcSettings
from hirehub.services.ai.shape import by_name

ROWS: Final = 200
"""Rows a message: of 2,000 floats each that is less than 2 MiB."""
_MICROS: Final = 1_000_000


@dataclass(frozen=True)
class FreshRow:
    """A row with its vector. `columns` are those of the domain's message, by their names there.

    recruit: company_name, exp_years, english_level, primary_keyword. candidate: name, skills, experience_years,
    education_level, preferred_location, expected_salary. Of two rows with one id the one with the later moment stays.
    """

    id: UUID
    vector: NDArray[np.float32]
    updated_at: datetime
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class Sent:
    """What became of rows; `refused` ones wait as dead letters at the receiver."""

    stored: int
    skipped: int
    refused: int


class FreshRows:
    """Uploads rows to HOST:PORT."""

    def __init__(self, target: str, settings: GrpcSettings) -> None:
        self._target, self._settings = target, settings

    async def send(self, domain: str, rows: Sequence[FreshRow]) -> Sent:
        """Sends rows of a domain; when it returns, each is stored, skipped as older, or refused.

        A HirehubError where the receiver does not answer; sending again does no harm.
        """
        by_name(domain)
        async with open_channel(self._target, self._settings) as channel:
            call = channel.stream_unary(UPLOAD_EMBEDDINGS)()
            try:
                for chunk in _chunks(domain, rows):
                    await call.write(chunk.SerializeToString())
                await call.done_writing()
            except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
                pass  # the receiver ended the call; how it ended says why
            except BaseException:
                call.cancel()
                raise
            try:
                told = parse(pb.UploadResult, await call)
            except grpc.aio.AioRpcError as error:
                raise from_rpc_error(error, self._target) from None
        return Sent(told.stored_rows, told.skipped_rows, told.dead_lettered_rows)


def _chunks(domain: str, rows: Sequence[FreshRow]) -> Iterator[pb.RowChunk]:
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        if domain == RECRUIT:
            yield pb.RowChunk(rows=[pb.RecruitRow(**_values(row)) for row in part])
        elif domain == CANDIDATE:
            yield pb.RowChunk(candidates=[pb.CandidateRow(**_values(row)) for row in part])


def _values(row: FreshRow) -> dict[str, Any]:
    known = {name: value for name, value in row.columns.items() if value is not None}
    micros = round(row.updated_at.timestamp() * _MICROS)
    return {**known, "id": str(row.id), "vector": row.vector.astype("<f4").tobytes(), "updated_at_micros": micros}
