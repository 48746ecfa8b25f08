"""A small gRPC service over raw bytes that the kernel's tests call, and the ways to call it."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable

import grpc
from google.protobuf.wrappers_pb2 import StringValue

from hirehub.kernel.errors import (
    Broken,
    Busy,
    Conflict,
    Denied,
    HirehubError,
    Invalid,
    LimitExceeded,
    Missing,
    Unavailable,
)
from hirehub.kernel.grpc import (
    Context,
    RpcChannel,
    Unauthenticated,
    both_streams,
    client_stream,
    parse,
    raw_service,
    server_stream,
    unary,
)
from hirehub.kernel.module import GrpcService

ERRORS: dict[bytes, type[HirehubError]] = {
    kind.code.encode(): kind
    for kind in (Invalid, Missing, Conflict, Denied, Unauthenticated, Busy, LimitExceeded, Unavailable, Broken)
}


class Probe:
    """The service `Probe`; `ends` tells how its streams ended."""

    def __init__(self) -> None:
        self.ends: list[str] = []

    def service(self) -> GrpcService:
        """What a server takes."""
        return raw_service(
            0,
            "Probe",
            {
                "Echo": unary(self.echo),
                "Fail": unary(self.fail),
                "Sleep": unary(self.sleep),
                "Shout": unary(self.shout),
                "Count": server_stream(self.count),
                "Collect": client_stream(self.collect),
                "Mirror": both_streams(self.mirror),
            },
        )

    async def echo(self, request: bytes, _context: Context) -> bytes:
        return request

    async def fail(self, request: bytes, _context: Context) -> bytes:
        if request in ERRORS:
            raise ERRORS[request]("it went wrong", hint="Do the next thing.")
        raise RuntimeError("a detail that must not leave: hunter2")

    async def sleep(self, request: bytes, _context: Context) -> bytes:
        try:
            await asyncio.sleep(float(request))
        except asyncio.CancelledError:
            self.ends.append("sleep cancelled")
            raise
        return b"slept"

    async def shout(self, request: bytes, _context: Context) -> bytes:
        message = parse(StringValue, request)
        return StringValue(value=message.value.upper()).SerializeToString()

    async def count(self, request: bytes, _context: Context) -> AsyncIterator[bytes]:
        number, _, size = request.partition(b"x")
        try:
            for index in range(int(number)):
                yield b"%d" % index + b"." * int(size or 0)
            if not size:
                raise Missing("there are no more")
        finally:
            self.ends.append("count ended")

    async def collect(self, messages: AsyncIterator[bytes], _context: Context) -> bytes:
        seen = 0
        try:
            async for _message in messages:
                seen += 1
        except BaseException as error:
            self.ends.append(type(error).__name__)
            raise
        self.ends.append(f"all {seen}")
        return b"%d" % seen

    async def mirror(self, messages: AsyncIterator[bytes], _context: Context) -> AsyncIterator[bytes]:
        async for message in messages:
            yield message[::-1]


async def ask(channel: RpcChannel, method: str, request: bytes, **options: object) -> bytes:
    """One request, one answer."""
    answer: bytes = await channel.unary_unary(f"/Probe/{method}")(request, **options)
    return answer


async def stream_of(messages: Iterable[bytes], then_wait: float = 0) -> AsyncIterator[bytes]:
    """The messages one by one, then nothing for some seconds before the end."""
    for message in messages:
        yield message
    await asyncio.sleep(then_wait)


async def take(messages: AsyncIterable[bytes], into: list[bytes]) -> None:
    """Reads all there is; what came before a failure is in the list."""
    async for message in messages:
        into.append(message)  # noqa: PERF401 - a comprehension would lose what came before a failure


async def drain(call: "grpc.aio.UnaryStreamCall[bytes, bytes]") -> None:
    """Reads a call on which `read` was used before, to its end."""
    while await call.read() is not grpc.aio.EOF:
        continue
