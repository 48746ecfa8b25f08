"""Small parts of a process, for tests of what composes parts: each does one thing, some do it badly on purpose."""

import asyncio

import grpc.aio

from hirehub.kernel.errors import Broken, Unavailable
from hirehub.kernel.module import Background, Check, GrpcService, HttpMount, Part, PartContext, PartSpec

HERE = "tests.support.parts"


def spec(name: str) -> PartSpec:
    """The part whose function is `name`."""
    return PartSpec(name, f"The part {name}.", f"{HERE}:{name}")


class Said(list[str]):
    """What parts noted, the option `said`; a test can wait for a word."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def add(self, word: str) -> None:
        """Notes a word."""
        self.append(word)
        self._news.set()

    async def wait_for(self, word: str) -> None:
        """Returns once the word was noted."""
        while word not in self:
            self._news.clear()
            await self._news.wait()


def record(context: PartContext, word: str) -> None:
    """Notes what happened."""
    said = context.options["said"]
    assert isinstance(said, Said)
    said.add(word)


async def page(context: PartContext) -> Part:
    """Answers HTTP at /page."""

    async def app(scope: dict[str, object], receive: object, send: grpc.aio.Server) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]  # ASGI's send
        await send({"type": "http.response.body", "body": b"page"})  # type: ignore[operator]  # ASGI's send

    async def close() -> None:
        record(context, "page closed")

    return Part(http=(HttpMount("/page", app),), close=close, notes=("a note",))


async def first(context: PartContext) -> Part:
    """Answers gRPC at the port of the options."""
    return Part(grpc=(_service(context, "First"),))


async def second(context: PartContext) -> Part:
    """Answers gRPC at the same port."""
    return Part(grpc=(_service(context, "Second"),))


def _service(context: PartContext, name: str) -> GrpcService:
    port = context.options["port"]
    assert isinstance(port, int)
    return GrpcService(port, (name,), lambda server: server.add_generic_rpc_handlers(()))


async def worker(context: PartContext) -> Part:
    """Works until it is cancelled, then puts its work away."""

    async def run() -> None:
        record(context, "working")
        try:
            await asyncio.sleep(3600)
        finally:
            record(context, "work put away")

    async def close() -> None:
        record(context, "worker closed")

    return Part(background=(Background("worker", run),), close=close)


async def stubborn(context: PartContext) -> Part:
    """Goes on however often it is cancelled, until the event of the options is set."""

    released = context.options["released"]
    assert isinstance(released, asyncio.Event)

    async def run() -> None:
        record(context, "working")
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                record(context, "goes on")

    return Part(background=(Background("stubborn", run),))


async def failing(context: PartContext) -> Part:
    """Fails with an error that a person can act on."""

    async def run() -> None:
        raise Broken("the disk is full", hint="Make room.")

    return Part(background=(Background("failing", run),))


async def faulty(context: PartContext) -> Part:
    """Fails with an error that nobody foresaw, and that holds somebody's data."""

    async def run() -> None:
        raise ValueError("Kim, 010-1234")

    return Part(background=(Background("faulty", run),))


async def waiting(context: PartContext) -> Part:
    """Is never ready."""

    async def run() -> None:
        raise Unavailable("the tables are not there")

    return Part(checks=(Check("tables", run),))


async def broken(context: PartContext) -> Part:
    """Cannot be built."""
    raise Broken("no file", hint="Name one.")
