"""What people do with dead letters: look at them, count them, drop them.

Correcting and replaying have files of their own.
"""

from collections.abc import Sequence

from hirehub.kernel.db import Database
from hirehub.kernel.errors import Invalid, Missing
from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.domain.domains import by_name
from hirehub.services.vectors.store import letters
from hirehub.services.vectors.store.letters import CauseCount, Filter, Letter, WholeLetter


class UnknownLetter(Missing):
    """There is no dead letter of that id."""

    code = "unknown_dead_letter"


def sound(meant: Filter) -> Filter:
    """The filter, if its words are known; UnknownDomain or Invalid otherwise."""
    if meant.domain is not None:
        by_name(meant.domain)
    if meant.cause is not None and meant.cause not in list(Cause):
        raise Invalid(f"There is no cause {meant.cause[:40]!r}.", hint=f"Use one of: {', '.join(Cause)}.")
    return meant


async def show(db: Database, letter_id: int) -> WholeLetter:
    """One letter with its payload. The payload is personal data: show it to the one who asked, and log it nowhere."""
    async with db.read() as tx:
        found = await letters.get(tx, letter_id)
    if found is None:
        raise UnknownLetter(f"There is no dead letter {letter_id}.", hint="See them: hirehub vectors dead list")
    return found


async def list_letters(db: Database, meant: Filter, *, before: int | None = None, limit: int = 50) -> Sequence[Letter]:
    """The latest letters first, without payloads; `before` is the last id of the page before."""
    async with db.read() as tx:
        return await letters.list_letters(tx, sound(meant), before=before, limit=limit)


async def stats(db: Database) -> Sequence[CauseCount]:
    """How many letters there are, by domain and cause."""
    async with db.read() as tx:
        return await letters.stats(tx)


async def count(db: Database, meant: Filter) -> int:
    """How many letters are meant."""
    async with db.read() as tx:
        return await letters.count(tx, sound(meant))


async def drop(db: Database, meant: Filter) -> int:
    """Removes the letters that are meant, for good; how many went."""
    async with db.transaction() as tx:
        return await letters.drop(tx, sound(meant))
