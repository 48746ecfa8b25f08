"""An HTTP application for the kernel's tests, served on a real socket, and the ways to ask it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from hirehub.kernel.http import HttpApp, HttpServer


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower case) and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[HttpServer]:
    """The application on a port of its own."""
    async with HttpServer(app, host="127.0.0.1", port=0, grace=1) as server:
        yield server


async def ask(server: HttpServer, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """One request on a connection of its own."""
    lines = [f"{method} {path} HTTP/1.1", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in ({"host": "test"} | headers).items()]
    if body:
        lines.append(f"content-length: {len(body)}")
    return await talk(server, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)


@asynccontextmanager
async def connection(server: HttpServer) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, closed at the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def talk(server: HttpServer, *pieces: bytes, pause: float = 0) -> Answer:
    """Sends bytes as they are, piece by piece, and reads one answer until the connection ends."""
    async with connection(server) as (reader, writer):
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
        async with asyncio.timeout(20):
            return await read_answer(reader)


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The next answer on a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(head[0].split()[1]), headers, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application that answers with the body that it got and the path that it saw."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = [(b"content-length", b"%d" % len(body)), (b"x-path", f"{scope['root_path']}|{scope['path']}".encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def add_routes(app: HttpApp) -> HttpApp:
    """Routes of the framework that fail in each way there is."""
    from fastapi import Body
    from pydantic import BaseModel, Field

    from hirehub.kernel.errors import HirehubError
    from tests.support.rpc import ERRORS

    class Thing(BaseModel):
        name: str
        count: int = Field(gt=0)

    @app.api.get("/fail/{code}")
    async def fail(code: str) -> None:
        kind: type[HirehubError] | None = ERRORS.get(code.encode())
        if kind is None:
            raise RuntimeError("a detail that must not leave: hunter2")
        raise kind("it went wrong", hint="Do the next thing.")

    @app.api.post("/things")
    async def make(thing: Thing) -> Thing:
        return thing

    @app.api.get("/sleep/{seconds}")
    async def sleep(seconds: float) -> dict[str, float]:
        await asyncio.sleep(seconds)
        return {"slept": seconds}

    @app.api.post("/size")
    async def size(body: dict[str, Any] = Body()) -> int:  # noqa: B008 - how the framework is told
        return len(body)

    return app
