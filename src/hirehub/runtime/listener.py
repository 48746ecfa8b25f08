"""The HTTP listener of a process: uvicorn on a socket of ours, started and stopped by whoever composes the process.

Signals stay with the command line, which cancels everything at once; uvicorn would take them for itself alone.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn

from hirehub.kernel.module import Asgi

GRACE: Final = 1
"""Seconds that requests under way get to end."""


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, and with a word when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpListener:
    """Serves an application on a listening socket; `url` tells where."""

    def __init__(self, app: Asgi, listening: socket.socket) -> None:
        host, port = listening.getsockname()[:2]
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not listened on
        self.url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
        self._socket = listening
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            http="httptools",
            ws="none",
            timeout_graceful_shutdown=GRACE,
        )
        self._server = _Server(config)

    async def serve(self) -> None:
        """Serves until `stop`; a cancellation ends it at once."""
        await self._server.serve(sockets=[self._socket])

    async def started(self) -> None:
        """Returns when connections are taken."""
        await self._server.listens.wait()

    def stop(self) -> None:
        """Takes no new connections, lets requests under way end for a moment."""
        self._server.should_exit = True
