"""Channels to other processes: TLS, token, keep-alive, sizes and deadlines out of the settings.

The token and the request's id are put in when a call is made, not by client interceptors: those would put a queue
between a stream and its flow control.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from hirehub.kernel.addresses import is_target
from hirehub.kernel.errors import Invalid
from hirehub.kernel.grpc.security import authorization, channel_credentials
from hirehub.kernel.grpc.statuses import StreamIdle
from hirehub.kernel.settings import GrpcSettings
from hirehub.kernel.telemetry import REQUEST_ID, outgoing_headers

T = TypeVar("T")
_Codec = Callable[[Any], Any] | None


class BadTarget(Invalid):
    """An address that is not HOST:PORT."""

    code = "bad_target"


def check_target(target: str) -> str:
    """The address itself; BadTarget for one that gRPC would dial in a way nobody meant (a port modulo 65536, say)."""
    if not is_target(target):
        raise BadTarget(f"{target[:100]!r} is not HOST:PORT", hint="Write it like 127.0.0.1:50051.")
    return target


def open_channel(target: str, settings: GrpcSettings) -> "RpcChannel":
    """A channel to HOST:PORT; close it when done. It connects by itself and again after a break."""
    check_target(target)
    credentials = channel_credentials(settings)
    options = _options(settings)
    inner = (
        grpc.aio.secure_channel(target, credentials, options)
        if credentials
        else grpc.aio.insecure_channel(target, options)
    )
    return RpcChannel(inner, settings)


def call_metadata(settings: GrpcSettings) -> tuple[tuple[str, str], ...]:
    """What each call carries: the token, and the ids of the request and the span that it belongs to."""
    shown, request = authorization(settings.token), REQUEST_ID.get()
    pairs = [("authorization", shown)] if shown else []
    if request:
        pairs.append(("x-request-id", request))
    return (*pairs, *outgoing_headers().items())


async def within_idle(messages: AsyncIterable[T], seconds: float, what: str = "the peer") -> AsyncIterator[T]:
    """The same messages; raises StreamIdle when the next one takes longer than `seconds`."""
    iterator = aiter(messages)
    while True:
        try:
            async with asyncio.timeout(seconds):
                message = await anext(iterator)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise StreamIdle(f"{what} sent nothing for {seconds:g} seconds", hint="Is it stuck?") from None
        yield message


class RpcChannel(grpc.aio.Channel):
    """A channel whose calls carry metadata, and a deadline where they have one answer and none was given.

    `channel.unary_stream(path)(message)` without serializers moves bytes.
    """

    def __init__(self, inner: grpc.aio.Channel, settings: GrpcSettings) -> None:
        self._inner, self._settings = inner, settings

    def _call(self, make: Any, method: str, codecs: tuple[_Codec, _Codec], deadline: float | None) -> Any:  # noqa: ANN401 - four kinds of callables
        inner = make(method, *codecs)

        def call(
            *requests: Any,  # noqa: ANN401 - a message, an iterator of messages, or nothing
            timeout: float | None = deadline,
            metadata: Iterable[tuple[str, str | bytes]] | None = None,
            **options: Any,  # noqa: ANN401 - passed on
        ) -> Any:  # noqa: ANN401 - a call of the library
            carried = (*call_metadata(self._settings), *(metadata or ()))
            return inner(*requests, timeout=timeout, metadata=carried, **options)

        return call

    def unary_unary(
        self,
        method: str,
        request_serializer: _Codec = None,
        response_deserializer: _Codec = None,
        *_: object,
        **__: object,
    ) -> Any:  # noqa: ANN401 - the library's multi-callable
        """One message there, one back, within `settings.deadline` unless the call says otherwise."""
        codecs = (request_serializer, response_deserializer)
        return self._call(self._inner.unary_unary, method, codecs, self._settings.deadline)

    def unary_stream(
        self,
        method: str,
        request_serializer: _Codec = None,
        response_deserializer: _Codec = None,
        *_: object,
        **__: object,
    ) -> Any:  # noqa: ANN401 - the library's multi-callable
        """One message there, many back."""
        return self._call(self._inner.unary_stream, method, (request_serializer, response_deserializer), None)

    def stream_unary(
        self,
        method: str,
        request_serializer: _Codec = None,
        response_deserializer: _Codec = None,
        *_: object,
        **__: object,
    ) -> Any:  # noqa: ANN401 - the library's multi-callable
        """Many messages there, one back."""
        return self._call(self._inner.stream_unary, method, (request_serializer, response_deserializer), None)

    def stream_stream(
        self,
        method: str,
        request_serializer: _Codec = None,
        response_deserializer: _Codec = None,
        *_: object,
        **__: object,
    ) -> Any:  # noqa: ANN401 - the library's multi-callable
        """Many messages there, many back."""
        return self._call(self._inner.stream_stream, method, (request_serializer, response_deserializer), None)

    async def close(self, grace: float | None = None) -> None:
        """Ends the calls under way, after `grace` seconds if given."""
        await self._inner.close(grace)

    def get_state(self, try_to_connect: bool = False) -> grpc.ChannelConnectivity:
        """How the connection is."""
        return self._inner.get_state(try_to_connect)

    async def wait_for_state_change(self, last_observed_state: grpc.ChannelConnectivity) -> None:
        """Returns when it is another."""
        await self._inner.wait_for_state_change(last_observed_state)

    async def channel_ready(self) -> None:
        """Returns when it is connected; give it a time limit."""
        await self._inner.channel_ready()

    async def __aenter__(self) -> Self:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inner.__aexit__(kind, error, trace)


def _options(settings: GrpcSettings) -> list[tuple[str, int]]:
    keepalive = int(settings.keepalive * 1000)
    return [
        ("grpc.max_receive_message_length", settings.max_message),
        ("grpc.max_send_message_length", settings.max_message),
        ("grpc.keepalive_time_ms", keepalive),
        ("grpc.keepalive_timeout_ms", min(keepalive, 20_000)),
        ("grpc.http2.ping_timeout_ms", min(keepalive, 20_000)),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.enable_http_proxy", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 5_000),
    ]
