"""Puts named parts into one process: one HTTP server, one gRPC server a port, background work, readiness, a clean end.

Invariant: whatever ends the process (a signal, a failure of a part), servers and background work end before parts are
closed, and all of it within `STOP_SECONDS`. Background work that fails ends the process with its error.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from hirehub.contracts.vectors import BatchServer
from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.cache import CachePort, open_cache
from hirehub.kernel.calls import Calls
from hirehub.kernel.clock import SystemClock
from hirehub.kernel.errors import Broken, HirehubError
from hirehub.kernel.grpc import GrpcServer
from hirehub.kernel.http import HttpServer, create_app
from hirehub.kernel.module import Asgi, Check, GrpcService, Part, PartContext, PartSpec, build_part
from hirehub.kernel.settings import Settings
from hirehub.kernel.telemetry import get_logger
from hirehub.runtime import ports
from hirehub.runtime.batch_server import batch_server
from hirehub.runtime.clients import clients

_log = get_logger(__name__)

STOP_SECONDS: Final = 3.0
"""Bound of a clean end: servers and work get two thirds of it, closing the parts the rest."""

GRACE: Final = 1.0
"""Seconds that requests and calls under way get to end by themselves."""


class PartFailed(Broken):
    """Background work of a part ended with an error that nobody foresaw."""

    code = "part_failed"


@dataclass(frozen=True)
class Running:
    """What is up now, and where."""

    http: str | None
    paths: Sequence[str]
    """What is mounted on the HTTP server."""
    grpc: Mapping[str, str]
    """Of each part that answers gRPC its HOST:PORT."""
    notes: Sequence[str]
    app: Asgi | None = field(default=None, repr=False)
    """What answers HTTP, for calls from within the process."""

    def document(self) -> dict[str, object]:
        """The same for machines."""
        return {"http": self.http, "grpc": dict(self.grpc), "notes": list(self.notes)}

    def lines(self) -> list[str]:
        """The same for people."""
        found = [f"{'HTTP':<10}{self.http}{path}" for path in self.paths]
        found += [f"{'gRPC':<10}{line}" for line in by_target(self.grpc)]
        return [*found, *self.notes]


def by_target(grpc: Mapping[str, str]) -> list[str]:
    """A line for each HOST:PORT with the parts that answer there."""
    found: dict[str, list[str]] = {}
    for name, target in grpc.items():
        found.setdefault(target, []).append(name)
    return [f"{target}  ({', '.join(names)})" for target, names in found.items()]


async def run_parts(
    chosen: Sequence[PartSpec],
    settings: Settings,
    *,
    options: Mapping[str, object] | None = None,
    checks: Sequence[Check] = (),
    started: Callable[[Running], Awaitable[None]] | None = None,
) -> None:
    """Runs the parts until it is cancelled or one of them fails; `started` is called once everything listens.

    `options` reach the parts as their context's; `checks` are asked for readiness beside the parts' own.
    """
    process = _Process(settings, dict(options or {}), checks)
    try:
        running = await process.start(chosen)
        await process.work(running, started)
    finally:
        await process.stop()


class _Process:
    """The parts of this process, from building to closing."""

    def __init__(self, settings: Settings, options: dict[str, object], checks: Sequence[Check]) -> None:
        self._settings = settings
        self._options = options
        self._checks = checks
        self._parts: dict[str, Part] = {}
        self._cache: CachePort | None = None
        self._calls = Calls(settings)
        self._callers: Callers | None = None
        self._grpc: dict[int, GrpcServer] = {}
        self._http: HttpServer | None = None
        self._app: Asgi | None = None
        self._tasks: dict[asyncio.Future[None], str] = {}

    async def start(self, chosen: Sequence[PartSpec]) -> Running:
        """Builds the parts and listens."""
        self._cache = await open_cache(self._settings.cache)
        self._callers = Callers(self._settings, self._cache)
        asked = {Callers: self._callers, BatchServer: batch_server(chosen), **clients(self._calls)}
        context = PartContext(self._settings, SystemClock(), self._cache, self._options, asked)
        for spec in chosen:
            self._parts[spec.name] = await build_part(spec, context)
        for port, services in _by_port(self._parts.values()).items():
            ports.refuse_taken(self._settings.grpc.host, [port])
            self._grpc[port] = server = GrpcServer(
                self._settings.grpc, port=port, services=services, published=_published()
            )
            await server.start()
        if any(part.http or part.routes for part in self._parts.values()):
            await self._listen()
        return Running(
            http=self._http.url if self._http else None,
            paths=self._paths(),
            grpc={name: self._grpc[service.port].target for name, part in self._parts.items() for service in part.grpc},
            notes=[note for part in self._parts.values() for note in part.notes],
            app=self._app,
        )

    async def _listen(self) -> None:
        mounts = [mount for part in self._parts.values() for mount in part.http]
        checks = [*self._checks, *(check for part in self._parts.values() for check in part.checks)]
        http = self._settings.http
        ports.refuse_taken(http.host, [http.port])
        routes = tuple(routes for part in self._parts.values() for routes in part.routes)
        korean = {code: text for one in routes for code, text in one.korean.items()}
        app = create_app("hirehub", settings=http, mounts=mounts, checks=checks, korean=korean)
        if routes and self._cache is not None:
            from hirehub.runtime.api import add_routes

            add_routes(app, routes, self._settings, self._cache, self._callers)
            self._calls.answer_here(app, {name.partition(".")[0] for name, part in self._parts.items() if part.routes})
        self._app = app
        self._http = HttpServer(app, host=http.host, port=http.port, grace=GRACE)
        await self._http.start()

    def _paths(self) -> list[str]:
        """What answers on the HTTP server: mounts, and the page that describes the routes."""
        parts = self._parts.values()
        found = [mount.path for part in parts for mount in part.http]
        return [*found, "/api/docs"] if any(part.routes for part in parts) else found

    async def work(self, running: Running, started: Callable[[Running], Awaitable[None]] | None) -> None:
        """Runs background work until it fails; a task of it that returns has done what it was for."""
        for part in self._parts.values():
            for background in part.background:
                self._spawn(background.name, background.run())
        if self._http is not None:
            self._spawn("The HTTP server", self._http.wait())
        if started is not None:
            self._spawn("start", started(running))
        never = asyncio.get_running_loop().create_future()
        while True:
            done, _ = await asyncio.wait({never, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task in self._tasks:
                    _raise_failure(self._tasks.pop(task), task)

    async def stop(self) -> None:
        """Ends servers and work together, then closes the parts; each for a bounded time."""
        ending = [asyncio.create_task(server.stop(grace=GRACE)) for server in self._grpc.values()]
        if self._http is not None:
            ending.append(asyncio.create_task(self._http.stop()))
        for task in self._tasks:
            task.cancel()
        await _ended([*self._tasks, *ending], STOP_SECONDS * 2 / 3)
        closers = [part.close for part in self._parts.values() if part.close is not None]
        closers.append(self._calls.close)
        if self._cache is not None:
            closers.append(self._cache.close)
        await _ended([asyncio.ensure_future(close()) for close in closers], STOP_SECONDS / 3)

    def _spawn(self, name: str, work: Awaitable[None]) -> None:
        self._tasks[asyncio.ensure_future(work)] = name


async def _ended(tasks: Sequence["asyncio.Future[None]"], seconds: float) -> None:
    """Waits for tasks that are ending; one that does not is told in the log and left behind."""
    if not tasks:
        return
    done, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
        _log.warning("ends_too_slowly", task=str(task))
    for task in done:
        if not task.cancelled() and (error := task.exception()) is not None:
            told = _log.info if isinstance(error, HirehubError) else _log.warning
            told("failed_while_ending", error=type(error).__name__)


def _by_port(parts: Iterable[Part]) -> dict[int, list[GrpcService]]:
    """The services of each port; those that ask for any free port (0) share one."""
    found: dict[int, list[GrpcService]] = {}
    for part in parts:
        for service in part.grpc:
            found.setdefault(service.port, []).append(service)
    return found


def _published() -> bytes:
    """The descriptors of the published contract, for reflection."""
    return files("hirehub.contracts.pb").joinpath("published.binpb").read_bytes()


def _raise_failure(name: str, task: "asyncio.Future[None]") -> None:
    """Ends the process with the error of a task, said so that a person knows whose it is."""
    error = asyncio.CancelledError() if task.cancelled() else task.exception()
    if error is None:
        return
    if isinstance(error, HirehubError):
        raise error
    _log.error("part_failed", part=name, exc_info=error)
    raise PartFailed(f"{name} ended with {type(error).__name__}", hint="The log has more; start again.") from error
