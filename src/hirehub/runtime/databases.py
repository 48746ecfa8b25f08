"""Databases made ready before parts start.

The embedded server is ours alone, so its tables are brought to this program's revision by whoever starts. A server
that others use too is changed by `hirehub db upgrade` (or `up`) only: a process that merely serves refuses to start on
tables of another revision.
"""

from collections.abc import Sequence

from hirehub.kernel.errors import Conflict
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings
from hirehub.runtime.modules import with_database


class OtherRevision(Conflict):
    """The tables are not of this program's revision."""

    code = "other_revision"


def prepare(settings: Settings, modules: Sequence[Module], *, upgrade: bool) -> None:
    """Provisions and migrates the modules' databases; without `upgrade` only looks, and raises OtherRevision."""
    from hirehub.kernel.db.errors import DatabaseUnavailable
    from hirehub.kernel.db.migrate import check
    from hirehub.kernel.db.migrate import upgrade as migrate
    from hirehub.kernel.db.provision import provision

    keepers = with_database(modules)
    if upgrade and keepers:
        provision(settings, *keepers)
    for module in keepers:
        if upgrade:
            migrate(settings, module)
            continue
        report = check(settings, module)
        if not report.reachable:
            raise DatabaseUnavailable(report.reason, hint=report.hint)
        if report.revision != report.newest:
            raise OtherRevision(
                f"The tables of {module.name} have revision {report.revision or 'none'}, this program's is"
                f" {report.newest}",
                hint="Run: hirehub db upgrade",
            )
