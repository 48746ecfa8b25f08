"""Uvicorn's fast protocol with bounds that it lacks: how long and how large a request's head may be, and how long a
rejected body may go on.

Without them a caller who sends one byte a minute holds a connection for ever, and one who never ends a header fills
the memory.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hirehub.kernel.http.edge import Receive, Scope, Send

HEAD_BYTES = 32_768
HEAD_SECONDS = 10.0
LINGER_SECONDS = 5.0
_BODY = b'{"type":"urn:hirehub:error:head_too_large","title":"Request Header Fields Too Large","status":431}'
_HEADERS = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(_BODY))]


async def _head_too_large(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 431, "headers": [*_HEADERS, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": _BODY})


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._served = self.app
        self._head_bytes = 0
        self._in_head = True
        self._in_body = False
        self._refused = False
        self._bound: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The first head must come in time."""
        super().connection_made(transport)
        self._bound = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._unbind()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A head that goes on over several pieces is counted before it is whole."""
        if self._refused:
            return
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse_head()

    def on_message_begin(self) -> None:
        """A head begins: on a kept connection, its time does too."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._unbind()
        self._bound = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def on_headers_complete(self) -> None:
        """The head is whole; its size is known now even if it came in one piece."""
        self._unbind()
        self._in_head, self._in_body = False, True
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self.app = self._served if size <= HEAD_BYTES else _head_too_large
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole, answered before or not."""
        self._in_body = False
        self._unbind()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """After an early answer the rest of the body is read and dropped, so that the caller can read the answer."""
        super().on_response_complete()
        if self._in_body and not self.transport.is_closing():
            self._unbind()
            self._bound = self.loop.call_later(LINGER_SECONDS, self._give_up)

    def _refuse_head(self) -> None:
        """Answers, then drops what still comes for a while: closing at once would take the answer from the caller."""
        self._refused = True
        self._unbind()
        self._bound = self.loop.call_later(LINGER_SECONDS, self._give_up)
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n"
            + b"".join(name + b": " + value + b"\r\n" for name, value in _HEADERS)
            + b"\r\n"
            + _BODY
        )
        self.transport.write_eof()

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()

    def _unbind(self) -> None:
        if self._bound is not None:
            self._bound.cancel()
            self._bound = None
