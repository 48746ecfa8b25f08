"""What can keep the embedded server from running."""

import os

from hirehub.kernel.errors import Broken, Busy, Conflict, Unavailable


class PostgresUnavailable(Unavailable):
    """The embedded server cannot be started here."""

    code = "postgres_unavailable"


class PostgresFailed(Broken):
    """The embedded server ended while it was starting."""

    code = "postgres_failed"


class OtherVersion(Conflict):
    """The data were made by another major version of PostgreSQL."""

    code = "postgres_other_version"


class OtherOwner(Conflict):
    """The data belong to another user of this machine."""

    code = "postgres_other_owner"


class StillBusy(Busy):
    """Another process has been starting or stopping the server for too long."""

    code = "postgres_busy"


def refused(error: OSError) -> PostgresUnavailable:
    """The machine did not let us make, own or enter a folder of the server."""
    root = os.geteuid() == 0 and isinstance(error, PermissionError)
    return PostgresUnavailable(
        f"The database cannot be kept here: {error.strerror} ({error.filename}).",
        hint="Root has fewer rights than usual: run as an ordinary user, or set HIREHUB_DATABASE__URL."
        if root
        else "Mend that, or set HIREHUB_DATA_DIR to another folder.",
    )
