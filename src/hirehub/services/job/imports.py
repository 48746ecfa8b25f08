"""An import: rows of a file checked, stored in batches, and told of; a row that cannot be stored stops no other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

import psycopg
from psycopg import errors as pg
from pydantic import ValidationError

from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import HirehubError, LimitExceeded
from hirehub.services.job.domain.posts import check_end, check_publishable, check_ranges
from hirehub.services.job.files import BadRow, Row
from hirehub.services.job.schemas import BroughtIn
from hirehub.services.job.settings import JobSettings
from hirehub.services.job.usecases.imports import Brought, bring

MOST_TOLD: Final = 1_000
"""Refused rows that a report names; all are counted."""
_NOT_TAKEN: Final = (psycopg.DataError, psycopg.IntegrityError, pg.ProgramLimitExceeded)
"""What the database says of rows, and not of itself."""


class TooManyRows(LimitExceeded):
    """The file has more rows than one import may have."""

    code = "too_many_rows"


@dataclass
class Report:
    """What came of an import."""

    rows: int = 0
    stored: int = 0
    known: int = 0
    refused: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)
    """Row numbers and reasons, without what stood in the row."""

    def refuse(self, number: int, reason: str) -> None:
        """Counts a row that cannot be stored."""
        self.refused += 1
        if len(self.reasons) < MOST_TOLD:
            self.reasons.append((number, reason))

    def store(self, stored: int, known: int) -> None:
        """Counts rows that are stored now, and rows that were before."""
        self.stored += stored
        self.known += known


async def run(
    db: Database,
    settings: JobSettings,
    clock: Clock,
    *,
    company_id: UUID,
    rows: Iterable[tuple[int, Row | BadRow]],
    opened: bool,
    told: Callable[[Report], None],
) -> Report:
    """Imports rows; `told` hears how far it is. What was stored before an error stays, and is known the next time."""
    report, coming = Report(), iter(rows)
    while batch := list(islice(coming, settings.import_batch)):
        if report.rows + len(batch) > settings.import_rows:
            raise TooManyRows(
                f"The file has more than {settings.import_rows} rows.",
                hint="Split it, or raise HIREHUB_JOB__IMPORT_ROWS.",
            )
        found = {number: _checked(number, row, report, opened, clock) for number, row in batch}
        checked = {number: row for number, row in found.items() if row is not None}
        try:
            async with db.transaction() as tx:
                done = await bring(tx, company_id=company_id, rows=[*checked.values()], opened=opened, now=clock.now())
            report.store(*done)
        except _NOT_TAKEN:
            async with db.transaction() as tx:
                await _one_by_one(tx, checked, report, company_id=company_id, opened=opened, now=clock.now())
        report.rows += len(batch)
        told(report)
    return report


async def _one_by_one(
    tx: Transaction,
    rows: Mapping[int, Brought],
    report: Report,
    *,
    company_id: UUID,
    opened: bool,
    now: datetime,
) -> None:
    """Stores the rows of a batch of which the database has not taken one, but for that one."""
    for number, row in rows.items():
        try:
            async with tx.savepoint():
                done = await bring(tx, company_id=company_id, rows=[row], opened=opened, now=now)
            report.store(*done)
        except _NOT_TAKEN as error:
            report.refuse(number, f"The database does not take it ({error.sqlstate or type(error).__name__}).")
    report.reasons.sort()


def _checked(number: int, row: Row | BadRow, report: Report, opened: bool, clock: Clock) -> Brought | None:
    """The row as it may be stored; None for one that is refused, which the report then names."""
    if isinstance(row, BadRow):
        report.refuse(number, row.reason)
        return None
    try:
        found = BroughtIn.model_validate({name: row[name] for name in row if name in BroughtIn.model_fields})
        values = found.model_dump(exclude={"reference", "skills"})
        check_ranges(values)
        check_end(values, clock.now())
        if opened:
            check_publishable(values, clock.now())
    except ValidationError as error:
        first = error.errors()[0]
        report.refuse(number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except HirehubError as error:
        report.refuse(number, error.message)
    else:
        return Brought(values, found.reference, found.skills)
    return None
