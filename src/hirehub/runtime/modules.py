"""The one readable list of services. A service that stands here is started, migrated, checked and documented."""

from collections.abc import Sequence

from hirehub.kernel.broker.module import MODULE as BUS
from hirehub.kernel.errors import Invalid
from hirehub.kernel.module import Module, PartSpec
from hirehub.services.ai.module import MODULE as AI
from hirehub.services.apply.module import MODULE as APPLY
from hirehub.services.job.module import MODULE as JOB
from hirehub.services.match.module import MODULE as MATCH
from hirehub.services.notification.module import MODULE as NOTIFICATION
from hirehub.services.resume.module import MODULE as RESUME
from hirehub.services.user.module import MODULE as USER
from hirehub.services.vectors.module import MODULE as VECTORS

MODULES: tuple[Module, ...] = (AI, VECTORS, USER, JOB, RESUME, APPLY, MATCH, NOTIFICATION, BUS)


class UnknownPart(Invalid):
    """A name on the command line that stands for no service and no part of one."""

    code = "unknown_part"


def names() -> tuple[str, ...]:
    """Every name that `serve` takes: services, and parts where a service has several."""
    found = [
        name for module in MODULES if module.parts for name in (module.name, *(part.name for part in module.parts))
    ]
    return tuple(dict.fromkeys(found))


def parts(wanted: Sequence[str]) -> tuple[PartSpec, ...]:
    """The parts behind the names, each once, in the order of the list of services."""
    known = set(names())
    for name in wanted:
        if name not in known:
            raise UnknownPart(f"There is no service {name[:40]!r}", hint=f"Use one of: {', '.join(names())}.")
    return tuple(part for module in MODULES for part in module.parts if module.name in wanted or part.name in wanted)


def workers(wanted: Sequence[str] = ()) -> tuple[PartSpec, ...]:
    """The parts that only work in the background: all of them, or those behind the names."""
    for name in wanted:
        if not any(part.worker for part in parts([name])):
            listed = ", ".join(part.name for part in workers())
            raise UnknownPart(f"{name[:40]!r} has no work beside its server", hint=f"Use one of: {listed}.")
    found = parts(wanted) if wanted else tuple(part for module in MODULES for part in module.parts)
    return tuple(part for part in found if part.worker)


def modules_of(chosen: Sequence[PartSpec]) -> tuple[Module, ...]:
    """The services that the parts belong to, and the bus where one of them tells or hears facts."""
    found = tuple(module for module in MODULES if any(part in chosen for part in module.parts))
    return (*found, BUS) if on_bus(found) else found


def keepers_of(chosen: Sequence[PartSpec]) -> tuple[Module, ...]:
    """Those of the services whose databases the parts use, and the bus where one of them tells or hears facts."""
    return with_database(modules_of([part for part in chosen if part.database]))


def on_bus(modules: Sequence[Module] = MODULES) -> tuple[Module, ...]:
    """Those of the services that tell or hear facts."""
    return tuple(module for module in modules if module.tells or module.hears)


def with_database(modules: Sequence[Module] = MODULES) -> tuple[Module, ...]:
    """Those of the services that keep a database."""
    return tuple(module for module in modules if module.database is not None)
