"""Method handlers that see the bytes of messages, and the parsing that goes with them.

A service that parses its messages itself can say INVALID_ARGUMENT for what is no message at all (the library would
end the call with INTERNAL), and moves large messages without touching them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from inspect import isasyncgenfunction
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message

from hirehub.kernel.errors import Invalid
from hirehub.kernel.module import GrpcService

Context: TypeAlias = "grpc.aio.ServicerContext[bytes, bytes]"
UnaryHandler = Callable[[bytes, Context], Awaitable[bytes]]
ServerStreamHandler = Callable[[bytes, Context], AsyncIterator[bytes]]
ClientStreamHandler = Callable[[AsyncIterator[bytes], Context], Awaitable[bytes]]
BothStreamsHandler = Callable[[AsyncIterator[bytes], Context], AsyncIterator[bytes]]

M = TypeVar("M", bound=Message)


class UnreadableMessage(Invalid):
    """Bytes that are not the message they should be."""

    code = "unreadable_message"


@dataclass(frozen=True)
class RawMethod:
    """A method over bytes; made by `unary`, `server_stream`, `client_stream` or `both_streams`."""

    handler: "grpc.RpcMethodHandler[bytes, bytes]"


def unary(handler: UnaryHandler) -> RawMethod:
    """One message in, one out."""

    async def answer(request: bytes, context: Context) -> bytes:
        return await handler(request, context)

    return RawMethod(grpc.unary_unary_rpc_method_handler(answer))


def server_stream(handler: ServerStreamHandler) -> RawMethod:
    """One message in, many out."""
    return RawMethod(grpc.unary_stream_rpc_method_handler(_generator(handler)))


def client_stream(handler: ClientStreamHandler) -> RawMethod:
    """Many messages in, one out."""

    async def answer(messages: AsyncIterator[bytes], context: Context) -> bytes:
        return await handler(messages, context)

    return RawMethod(grpc.stream_unary_rpc_method_handler(answer))


def both_streams(handler: BothStreamsHandler) -> RawMethod:
    """Many messages in, many out."""
    return RawMethod(grpc.stream_stream_rpc_method_handler(_generator(handler)))


def raw_handlers(service: str, methods: Mapping[str, RawMethod]) -> grpc.GenericRpcHandler:
    """Handlers of a service, by the names of its methods, for `server.add_generic_rpc_handlers`."""
    return grpc.method_handlers_generic_handler(service, {name: method.handler for name, method in methods.items()})


def raw_service(port: int, service: str, methods: Mapping[str, RawMethod]) -> GrpcService:
    """The same as a part of a process."""

    def add(server: grpc.aio.Server) -> None:
        server.add_generic_rpc_handlers((raw_handlers(service, methods),))

    return GrpcService(port=port, names=(service,), add=add)


def parse(kind: type[M], data: bytes) -> M:
    """The message in the bytes; raises UnreadableMessage (also for text that is not UTF-8)."""
    try:
        return kind.FromString(data)
    except (DecodeError, UnicodeDecodeError):
        raise UnreadableMessage(
            f"these {len(data)} bytes are no {kind.DESCRIPTOR.name} (broken, or text that is not UTF-8)",
            hint="Send what the published .proto describes.",
        ) from None


def _generator(handler: Any) -> Any:  # noqa: ANN401 - either kind of streaming handler
    """The handler as an async generator function, which is what the library looks for."""
    if isasyncgenfunction(handler):
        return handler

    async def stream(request: Any, context: Context) -> AsyncIterator[bytes]:  # noqa: ANN401 - as above
        async for message in handler(request, context):
            yield message

    return stream
