"""Dead letters for tests: rows judged by the product's own code, put into the queue as a load does."""

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from hirehub.kernel.clock import SystemClock
from hirehub.kernel.db import Database
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.domain.deadletters import Cause, DeadLetter
from hirehub.services.vectors.pipeline.decoding import decode_row
from hirehub.services.vectors.pipeline.letters import database_letter
from hirehub.services.vectors.pipeline.rules import Rules
from hirehub.services.vectors.pipeline.storing import store_group
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.store import letters
from hirehub.services.vectors.store.dead import put_dead_letters
from hirehub.services.vectors.usecases.dead_replay import Replayer
from tests.support.ops import entity, quick


def letter_of(row: Message, settings: VectorsSettings | None = None, *, micros: int | None = None) -> DeadLetter:
    """The dead letter of a row; of a sound one, as if the database had refused it."""
    domain = {"RecruitRow": "recruit", "CandidateRow": "candidate"}[row.DESCRIPTOR.name]
    rules = Rules.of(settings or quick(), domain)
    arrival = SystemClock().micros() if micros is None else micros
    group = decode_row(rules, row.SerializeToString(), arrival_micros=arrival)
    if group.dead:
        return group.dead[0].letter
    return database_letter(rules, row.SerializeToString(), "PostgreSQL refused the row", arrival)


async def put(db: Database, *rows: Message, settings: VectorsSettings | None = None, micros: int | None = None) -> None:
    """Puts the rows' dead letters into the queue."""
    async with db.transaction() as tx:
        await put_dead_letters(tx, None, [letter_of(row, settings, micros=micros) for row in rows])


async def store(db: Database, row: Message, *, micros: int | None = None) -> None:
    """Stores a sound row as a load does, as of the given arrival."""
    rules = Rules.of(quick(), "recruit")
    arrival = SystemClock().micros() if micros is None else micros
    group = decode_row(rules, row.SerializeToString(), arrival_micros=arrival)
    async with db.transaction() as tx:
        await store_group(tx, group)


async def queue(db: Database) -> Sequence[letters.Letter]:
    """All dead letters, the oldest first."""
    async with db.read() as tx:
        return list(reversed(await letters.list_letters(tx, letters.Filter(), limit=10_000)))


async def causes(db: Database) -> list[Cause]:
    """The causes of all dead letters, the oldest first."""
    return [Cause(letter.cause) for letter in await queue(db)]


def replayer(db: Database, kernel: Settings, settings: VectorsSettings | None = None) -> Replayer:
    """A replayer of its own."""
    return Replayer(db, settings or quick(), kernel)


async def company(db: Database, number: int) -> Any:
    """The company of the stored recruit of that number; None where there is none."""
    async with db.read() as tx:
        return await tx.fetch_value("SELECT company_name FROM recruit_metadata WHERE id = %s", (entity(number),))
