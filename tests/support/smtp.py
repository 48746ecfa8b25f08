"""A mail server that takes what it is given, or refuses it: as much of SMTP as a client needs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What came, and whether more is taken."""

    port: int = 0
    takes: bool = True
    came: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 here")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word == "DATA":
                say("354 go on")
                self.came.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            if word == "RCPT" and not self.takes:
                say("450 come again")
            else:
                say("221 bye" if word == "QUIT" else "250 fine")
            if word == "QUIT":
                break
        writer.close()


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """The server on a port of its own."""
    here = MailServer()
    server = await asyncio.start_server(here.talk, "127.0.0.1", 0)
    here.port = server.sockets[0].getsockname()[1]
    async with server:
        yield here
