"""The HTTP listener of a process: uvicorn inside an event loop that is already there.

It installs no signal handlers: whoever owns the process decides when to stop, and everything stops together.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import uvicorn

from hirehub.kernel.background import heard
from hirehub.kernel.errors import Broken, Conflict
from hirehub.kernel.http.protocol import BoundedProtocol
from hirehub.kernel.telemetry import get_logger

_log = get_logger(__name__)
GRACE_SECONDS = 3.0
MAX_CONNECTIONS = 1024
_BACKLOG = 1024
_KEEP_ALIVE_SECONDS = 30
_TICK_SECONDS = 1.0


class HttpPortTaken(Conflict):
    """Something else listens there already."""

    code = "port_taken"


class HttpServer:
    """Serves an ASGI application. Port 0 means any free one; `port` tells which after the start."""

    def __init__(self, app: Any, *, host: str, port: int, grace: float = GRACE_SECONDS) -> None:  # noqa: ANN401 - any ASGI application
        self.host, self.port = host, port
        self._app, self._grace = app, grace
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(grace)),
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it is reached from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not listened on
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    async def start(self) -> int:
        """Listens; answers the port. Raises HttpPortTaken."""
        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve([listener]), name="http server")
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait((self._task, ready), return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._task
            raise Broken("the HTTP server ended while it started", hint="The log has the reason.")
        _log.info("http_listens", host=self.host, port=self.port)
        return self.port

    async def wait(self) -> None:
        """Returns when the server has ended; raises what ended it."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Takes no new connections, lets requests under way finish within the grace, then cancels them."""
        task, self._task = self._task, None
        if task is None:
            return
        self._server.leave()
        await asyncio.wait((task,), timeout=self._grace + 1.0)
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        for connection in tuple(self._server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        """One request. Being cancelled while stopping is no fault, and uvicorn would log it as one."""
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._server.should_exit:
                raise

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def serve(
    app: Any,  # noqa: ANN401 - any ASGI application
    *,
    host: str,
    port: int,
    started: Callable[[int], None] | None = None,
    grace: float = GRACE_SECONDS,
) -> None:
    """Serves until it is cancelled, then stops within the grace. `started` is told the port."""
    async with HttpServer(app, host=host, port=port, grace=grace) as server:
        if started is not None:
            started(server.port)
        await server.wait()


class _Server(uvicorn.Server):
    """Uvicorn that leaves signals alone, says when it listens, and wakes once a second: answers say the time."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """Lets it end."""
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        """Until it may end. Uvicorn's own looks ten times a second whether it may."""
        while not await self.on_tick(0):
            await heard(self._leaving, _TICK_SECONDS)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens."""
        await super().startup(sockets)
        self.ready.set()


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; the address may be used again right after a stop, but not shared.

    Its connections send at once: else the body of an answer waits for the caller to acknowledge the head, which on a
    kept connection comes after 40 ms. The standard library's event loop leaves that to whoever makes the socket.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise HttpPortTaken(
            f"HTTP cannot listen on {host}:{port} ({error.strerror})",
            hint="Is the port taken? `hirehub doctor` tells; HIREHUB_HTTP__PORT chooses another.",
        ) from None
    listener.setblocking(False)
    return listener
