"""Uvicorn's fast protocol with bounds that it lacks: how long and how large a request's head may be, and how long a
rejected body may go on.

Without them a caller who sends one byte a minute holds a connection for ever, and one who never ends a header fills
the memory.
"""

import asyncio
import json
from typing import Any, TypeAlias

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from hirehub.kernel.http.edge import Receive, Scope, Send

HEAD_BYTES = 32_768
HEAD_SECONDS = 10.0
LINGER_SECONDS = 5.0


Refusal: TypeAlias = tuple[int, str, str, str]
"""Status, code, title, and what to do next."""


def _problem(status: int, code: str, title: str, hint: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Headers and body of a problem that is told before there is a request."""
    words = {"type": f"urn:hirehub:error:{code}", "title": title, "status": status, "detail": title, "code": code}
    body = json.dumps({**words, "hint": hint}).encode()
    kind = (b"content-type", b"application/problem+json")
    return [kind, (b"content-length", b"%d" % len(body)), (b"connection", b"close")], body


_TOO_LARGE = (
    431,
    "head_too_large",
    "Request Header Fields Too Large",
    f"Send a shorter address, and fewer or shorter headers: {HEAD_BYTES:,} bytes in all are read.",
)
_INVALID = (400, "bad_request", "Bad Request", "Send HTTP/1.1.")


def _answer(refusal: Refusal) -> bytes:
    """A problem as it goes out."""
    headers, body = _problem(*refusal)
    lines = [f"HTTP/1.1 {refusal[0]} {refusal[2]}".encode(), *(name + b": " + value for name, value in headers)]
    return b"\r\n".join([*lines, b"", body])


def _answered(cycle: RequestResponseCycle | None) -> bool:
    """Whether the newest request, and so every one before it, has its answer; a new connection has no request."""
    return cycle is None or cycle.response_complete


async def _head_too_large(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers, body = _problem(*_TOO_LARGE)
    await send({"type": "http.response.start", "status": _TOO_LARGE[0], "headers": headers})
    await send({"type": "http.response.body", "body": body})


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._served = self.app
        self._head_bytes = 0
        self._heads = 0
        self._in_head = False
        self._in_body = False
        self._refusal: Refusal | None = None
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
        """A head that goes on over several pieces is counted before it is whole. Of a piece in which it begins behind
        an earlier request nothing is: how much of that is the head's own is not known.
        """
        if self._refusal is not None:
            return
        heads, behind = self._heads, self._in_head or self._in_body
        super().data_received(data)
        if self._in_head and self._heads - heads <= (0 if behind else 1):
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse(_TOO_LARGE)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - as uvicorn calls it
        """What is no HTTP gets a problem, as every other fault of a caller. A body that is none ends its request."""
        if not self._in_body:
            self._refuse(_INVALID)
        elif not self.transport.is_closing():
            if not self.cycle.response_started:
                self.transport.write(_answer(_INVALID))
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins: on a kept connection, its time does too."""
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._heads += 1
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
        if self._refusal is not None:
            self._tell_refusal(self._refusal)
        elif self._in_body and not self.transport.is_closing():
            self._unbind()
            self._bound = self.loop.call_later(LINGER_SECONDS, self._give_up)

    def _refuse(self, refusal: Refusal) -> None:
        """Reads no further request; the answers to earlier ones go out first."""
        self._refusal = refusal
        self._unbind()
        self._tell_refusal(refusal)

    def _tell_refusal(self, refusal: Refusal) -> None:
        """Answers, then drops what still comes for a while: closing at once would take the answer from the caller."""
        if self.transport.is_closing() or not _answered(self.cycle):
            return
        self._bound = self.loop.call_later(LINGER_SECONDS, self._give_up)
        self.transport.write(_answer(refusal))
        self.transport.write_eof()

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()

    def _unbind(self) -> None:
        if self._bound is not None:
            self._bound.cancel()
            self._bound = None
