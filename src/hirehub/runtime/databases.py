"""Databases made ready before parts start.

The embedded server is ours alone, so its tables are brought to this program's revision by whoever starts. A server
that others use too is changed by `hirehub db upgrade` (or `up`) only: a process that merely serves refuses to start on
tables of another revision.
"""

from collections.abc import Sequence

from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.errors import Conflict
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings
from hirehub.runtime.modules import on_bus, with_database


class OtherRevision(Conflict):
    """The tables are not of this program's revision."""

    code = "other_revision"


def upgrade_all(settings: Settings, modules: Sequence[Module]) -> None:
    """Provisions and migrates the modules' databases, and the bus's with their rights on it where they tell or hear."""
    from hirehub.kernel.broker import rights
    from hirehub.kernel.db.migrate import upgrade as migrate
    from hirehub.kernel.db.provision import provision

    talking = on_bus(modules)
    wanted = tuple(dict.fromkeys((BUS, *modules) if talking else modules))
    provision(settings, *wanted)
    for module in wanted:
        migrate(settings, module)
    if talking:
        rights.follow(settings, talking)


def prepare(settings: Settings, modules: Sequence[Module], *, upgrade: bool) -> None:
    """Provisions and migrates the modules' databases; without `upgrade` only looks, and raises OtherRevision."""
    from hirehub.kernel.db.errors import DatabaseUnavailable
    from hirehub.kernel.db.migrate import check

    keepers = with_database(modules)
    if upgrade:
        if keepers:
            upgrade_all(settings, keepers)
        return
    for module in keepers:
        report = check(settings, module)
        if not report.reachable:
            raise DatabaseUnavailable(report.reason, hint=report.hint)
        if report.revision != report.newest:
            raise OtherRevision(
                f"The tables of {module.name} have revision {report.revision or 'none'}, this program's is"
                f" {report.newest}",
                hint="Run: hirehub db upgrade",
            )
