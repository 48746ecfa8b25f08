"""What can go wrong between a service and PostgreSQL, apart from the data themselves.

Errors about data (a constraint, a type) pass through as psycopg raises them: whoever wrote the statement knows their
meaning.
"""

import psycopg
from psycopg import errors as pg

from hirehub.kernel.errors import Busy, Conflict, Denied, HirehubError, Invalid, Unavailable


class DatabaseUnavailable(Unavailable):
    """PostgreSQL does not answer, or the connection broke."""

    code = "database_unavailable"


class DatabaseBusy(Busy):
    """A lock, a connection or an answer did not come in time, or two transactions got in each other's way."""

    code = "database_busy"


class DatabaseSettingsWrong(Invalid):
    """The address of a server cannot be read."""

    code = "database_settings"


class DatabaseRightsMissing(Denied):
    """The configured role may not do what is needed."""

    code = "database_rights"


class ServerTooOld(Conflict):
    """The server lacks what is needed, because it is too old."""

    code = "database_too_old"


class ExtensionMissing(Conflict):
    """The server does not have an extension that tables need."""

    code = "database_extension"


class MigrationFailed(Conflict):
    """The tables could not be brought to the wanted revision; they stay at the last whole one."""

    code = "migration_failed"


_BUSY: dict[type[psycopg.Error], str] = {
    pg.QueryCanceled: "The database took too long to answer.",
    pg.LockNotAvailable: "The database waits for a lock that another transaction holds.",
    pg.DeadlockDetected: "Two transactions waited for each other.",
    pg.SerializationFailure: "Another transaction changed the same rows.",
    pg.TooManyConnections: "The database has no connection left.",
}

_GONE = ("08", "57P")
"""SQLSTATE classes of a lost connection and of a server that goes down or comes up."""

_ILL = ("53", "58")
"""Those of a server that lacks disk or memory, or whose system fails."""


def translate(error: psycopg.Error) -> HirehubError | None:
    """The error in the product's words; None for one about the data or the statement."""
    for kind, message in _BUSY.items():
        if isinstance(error, kind):
            return DatabaseBusy(message, hint="Try again in a moment.", sqlstate=error.sqlstate)
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return takes_no_changes()
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return None
    if error.sqlstate is None or error.sqlstate.startswith(_GONE):
        return unavailable()
    if error.sqlstate.startswith(_ILL):
        hint = "Look at its disk, its memory and its log."
        return DatabaseUnavailable("The database cannot do its work.", hint=hint, sqlstate=error.sqlstate)
    return None


def takes_no_changes() -> DatabaseUnavailable:
    """PostgreSQL reads only, as a server does whose place another one takes."""
    return DatabaseUnavailable("The database takes no changes.", hint="Wait until a server that writes is back.")


def unavailable(reason: str = "") -> DatabaseUnavailable:
    """PostgreSQL cannot be reached."""
    told = f" ({reason})" if reason else ""
    return DatabaseUnavailable(f"The database does not answer{told}.", hint="Is it running? Run `hirehub db check`.")


def not_connected(error: psycopg.Error) -> DatabaseUnavailable:
    """Why a connection failed, in one line: what the server says of it begins with FATAL, all else is libpq's own.

    libpq tells host, user and database, never the password.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    first = lines[0].removeprefix("connection failed: ") if lines else "no reason given"
    _, answered, reason = first.rpartition("FATAL:")
    reason = reason.strip()
    if not answered:
        hint = "Is it running, and is HIREHUB_DATABASE__URL right?"
        return DatabaseUnavailable(f"The database does not answer ({reason}).", hint=hint)
    if "does not exist" in reason:
        return DatabaseUnavailable(f"The database is not made yet ({reason}).", hint="Run `hirehub db upgrade`.")
    return DatabaseUnavailable(
        f"The database does not let us in ({reason}).", hint="See `hirehub db check` and HIREHUB_DATABASE__URL."
    )
