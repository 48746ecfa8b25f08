"""What a service tells the runtime about itself: one descriptor, read without importing the service's code.

`build` and `settings` are dotted names, so that listing modules stays cheap and only what is started is imported.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from hirehub.kernel.errors import Broken

if TYPE_CHECKING:
    import grpc.aio
    from fastapi import APIRouter

    from hirehub.kernel.cache import CachePort
    from hirehub.kernel.clock import Clock
    from hirehub.kernel.settings import Settings

T = TypeVar("T")
Asgi = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class PartSpec:
    """One thing of a service that can run as a process of its own: `build` is "package.module:function"."""

    name: str
    doc: str
    build: str
    database: bool = True
    """Whether it uses its service's database, where the service has one."""
    worker: bool = False
    """Whether it only works in the background and listens nowhere: `hirehub worker` runs those."""


@dataclass(frozen=True)
class Module:
    """A service: its database with what that needs, its settings class and its parts."""

    name: str
    doc: str
    settings: str
    parts: tuple[PartSpec, ...]
    database: str | None = None
    migrations: str | None = None
    extensions: tuple[str, ...] = ()
    """PostgreSQL extensions that its tables need."""
    tells: tuple[str, ...] = ()
    """Topics of the facts that it publishes."""
    hears: tuple[str, ...] = ()
    """Topics that it listens to."""


@dataclass(frozen=True)
class HttpMount:
    """An ASGI application under a path prefix of the process's one HTTP server."""

    path: str
    app: Asgi


@dataclass(frozen=True)
class Routes:
    """Routes for the process's one API, with all their paths as callers know them."""

    router: "APIRouter"
    provides: Mapping[type, object] = field(default_factory=dict)
    """What dependencies of routes find by its type, here and in other parts of the process."""
    korean: Mapping[str, str] = field(default_factory=dict)
    """Words for the codes of its errors."""
    bodies: Mapping[str, int] = field(default_factory=dict)
    """Bytes that a body may have on routes that take more than others: `POST /path`, `PUT /path/*` for any id."""
    service_bodies: Mapping[str, int] = field(default_factory=dict)
    """The same for other services alone: who shows no token of one is refused before so much is read."""


@dataclass(frozen=True)
class GrpcService:
    """A gRPC service on a port; parts of one process that name the same port share one server."""

    port: int
    names: tuple[str, ...]
    add: "Callable[[grpc.aio.Server], None]"


@dataclass(frozen=True)
class Background:
    """Work that goes on until it is cancelled."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Check:
    """A readiness check: returns when all is well, raises a HirehubError that says what is not."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """What a built part brings into its process. `close` runs last, after servers and background work have ended."""

    http: Sequence[HttpMount] = ()
    routes: Sequence[Routes] = ()
    grpc: Sequence[GrpcService] = ()
    background: Sequence[Background] = ()
    checks: Sequence[Check] = ()
    close: Callable[[], Awaitable[None]] | None = None
    notes: Sequence[str] = ()
    """Lines for the person who started it: addresses, what is switched off and why."""


@dataclass(frozen=True)
class PartContext:
    """What the runtime lends to a part while it is built."""

    settings: "Settings"
    clock: "Clock"
    cache: "CachePort"
    options: dict[str, object] = field(default_factory=dict)
    """Choices made on the command line, such as the files that `ai serve` was given."""
    ports: Mapping[type, object] = field(default_factory=dict)
    """What this process shares with its parts, by type: clients of other services, and who calls (`Callers`)."""

    def port(self, kind: type[T]) -> T:
        """The client of a port; Broken where the runtime has none."""
        found: T | None = self.ports.get(kind)  # type: ignore[assignment]  # the runtime keeps each under its own type
        if found is None:
            raise Broken(f"no client answers the port {kind.__name__}")
        return found


def resolve(dotted: str) -> Any:  # noqa: ANN401 - the object that the name stands for, whatever it is
    """The object behind "package.module:name"."""
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


async def build_part(spec: PartSpec, context: PartContext) -> Part:
    """Imports and builds a part."""
    part = await resolve(spec.build)(context)
    if not isinstance(part, Part):
        raise TypeError(f"{spec.build} returned {type(part).__name__}, not a Part")
    return part
