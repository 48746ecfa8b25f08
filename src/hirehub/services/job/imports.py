"""An import: rows of a file checked, stored in batches, and told of; a row that cannot be stored stops no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from hirehub.kernel.clock import Clock
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError, LimitExceeded
from hirehub.services.job.domain.posts import check_end, check_publishable, check_ranges
from hirehub.services.job.files import BadRow, Row
from hirehub.services.job.schemas import BroughtIn
from hirehub.services.job.settings import JobSettings
from hirehub.services.job.usecases.imports import Brought, bring

MOST_TOLD: Final = 1_000
"""Refused rows that a report names; all are counted."""


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
        checked = [one for number, row in batch if (one := _checked(number, row, report, opened, clock)) is not None]
        async with db.transaction() as tx:
            stored, known = await bring(tx, company_id=company_id, rows=checked, opened=opened, now=clock.now())
        report.rows += len(batch)
        report.stored += stored
        report.known += known
        told(report)
    return report


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
