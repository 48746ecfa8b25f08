"""A wire between a client and PostgreSQL that can be cut at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_SHORT = 200
"""A statement is not longer; rows are."""


@dataclass
class Wire:
    """Passes bytes on. When armed, it cuts the connection over which the next COMMIT goes: before or after it."""

    dsn: str
    cut: str = ""
    cuts: int = 0

    def arm(self, moment: str) -> None:
        """`moment`: "before" the server sees the COMMIT, or "after" it has answered, with the answer kept back."""
        self.cut = moment


class _Pair:
    """One client's connection, carried in both directions."""

    def __init__(self, wire: Wire, near: Ends, far: Ends) -> None:
        self._wire, self._near, self._far = wire, near, far
        self._keep_back = False

    async def carry(self) -> None:
        """Until either side ends, or the wire is cut."""
        ways = [asyncio.create_task(self._upwards()), asyncio.create_task(self._downwards())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self.close()

    def close(self) -> None:
        """Lets go of both sides at once."""
        for _, writer in (self._near, self._far):
            writer.transport.abort()

    async def _upwards(self) -> None:
        while data := await self._near[0].read(65_536):
            if self._wire.cut and b"COMMIT" in data and len(data) < _SHORT:
                await self._cut(data)
                break
            self._far[1].write(data)
            await self._far[1].drain()

    async def _cut(self, commit: bytes) -> None:
        moment, self._wire.cut = self._wire.cut, ""
        self._wire.cuts += 1
        self._keep_back = True
        if moment == "after":
            self._far[1].write(commit)
            await self._far[1].drain()
            await asyncio.sleep(0.2)

    async def _downwards(self) -> None:
        while data := await self._far[0].read(65_536):
            if not self._keep_back:
                self._near[1].write(data)
                await self._near[1].drain()


@asynccontextmanager
async def wire_to(dsn: str, folder: Path) -> AsyncIterator[Wire]:
    """A wire to the server behind `dsn`, on a socket in `folder`."""
    parts = conninfo_to_dict(dsn)
    host, port = str(parts["host"]), int(parts.get("port") or 5432)
    wire = Wire(make_conninfo(dsn, host=str(folder), port=port))
    carrying: dict[_Pair, asyncio.Task[None]] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair(wire, (reader, writer), await _connect(host, port))
        carrying[pair] = asyncio.create_task(pair.carry())

    server = await asyncio.start_unix_server(serve, path=str(folder / f".s.PGSQL.{port}"))
    try:
        yield wire
    finally:
        server.close()
        for task in carrying.values():
            task.cancel()
        await asyncio.gather(*carrying.values(), return_exceptions=True)
        for pair in carrying:
            pair.close()
        await asyncio.sleep(0.05)


async def _connect(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if host.startswith("/"):
        return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
    return await asyncio.open_connection(host, port)
