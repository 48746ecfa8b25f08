"""One interceptor for everything that every call of a server needs: token, errors, log, metrics, bound on waiting.

It wraps the handler once a call. Per message it adds a counter and a timer, so streams of large messages run at the
library's own speed. A call with one request is read here too, so that a caller who opens a call and sends nothing
does not hold it for ever.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from inspect import isasyncgen, isasyncgenfunction, iscoroutinefunction
from types import TracebackType
from typing import Any, Self

import grpc
from google.protobuf.message import DecodeError

from hirehub.kernel.errors import HirehubError, Invalid, Kind
from hirehub.kernel.grpc.handlers import UnreadableMessage
from hirehub.kernel.grpc.security import TokenCheck
from hirehub.kernel.grpc.statuses import CODE_TRAILER, StreamBroken, StreamIdle, details_of, status_of
from hirehub.kernel.telemetry import REQUEST_ID, Metrics, accepted_request_id, get_logger, span

_log = get_logger(__name__)
_WITHOUT_TOKEN = "/grpc.health."  # noqa: S105 - a path: probes of orchestrators cannot show a token
_STATUS_SECONDS = 1.0
_QUIET = ("/grpc.health.", "/grpc.reflection.")


class CallMetrics:
    """Counts of calls and messages by method. Methods that do not exist are not counted, so labels stay few."""

    def __init__(self, metrics: Metrics) -> None:
        self.calls = metrics.counter("grpc_calls", "Calls ended, by method and status.", ("method", "status"))
        self.seconds = metrics.histogram("grpc_call_seconds", "Seconds that a call took.", ("method",))
        self.running = metrics.gauge("grpc_calls_running", "Calls under way.", ("method",))
        self.messages = metrics.counter("grpc_messages", "Messages, by method and direction.", ("method", "direction"))


class Incoming:
    """The messages of a caller. Waiting longer than `limit` seconds for one raises StreamIdle; time that the handler
    itself takes between two does not count.
    """

    def __init__(self, context: Any, limit: float, count: Callable[[], None]) -> None:  # noqa: ANN401 - any service's
        self._context, self._limit, self._count = context, limit, count
        self.received = 0
        self._proved = False

    def __aiter__(self) -> "Incoming":
        return self

    async def __anext__(self) -> Any:  # noqa: ANN401 - bytes, or what the service's deserializer makes of them
        try:
            async with asyncio.timeout(self._limit):
                message = await self._context.read()
        except TimeoutError:
            raise StreamIdle(f"no message came for {self._limit:g} seconds", hint="Send, or end the stream.") from None
        except DecodeError:
            raise UnreadableMessage("a message does not parse", hint="Send what the .proto describes.") from None
        if message is grpc.aio.EOF:
            await self._prove_end()
            raise StopAsyncIteration
        self.received += 1
        self._count()
        return message

    async def _prove_end(self) -> None:
        """Tells a caller that ended its stream from one that was cut off: the library reports both as the end.

        A message over the limit and a lost connection cancel the call before the read returns, and on a cancelled
        call nothing can be sent any more. So something is sent: the headers of the answer. Who is cancelled meanwhile
        waits for that all the same: with headers half sent no status could be, and the caller would wait for ever.
        """
        if self._proved:
            return
        self._proved = True
        sending = asyncio.ensure_future(self._context.send_initial_metadata(()))
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait({sending}, timeout=_STATUS_SECONDS)
            if sending.done() and not sending.cancelled():
                sending.exception()  # noticed here: the cancellation is what is told
            raise
        except grpc.aio.UsageError:  # the handler has sent them before
            return
        except grpc.aio.InternalError:
            raise StreamBroken("the stream broke off, or a message was over the size limit") from None

    async def only(self) -> Any:  # noqa: ANN401 - as above
        """The one message of a call that has one."""
        async for message in self:
            return message
        raise Invalid("the call ended before its message came", hint="Send one message.")


class _Call:
    """One call from start to end: names the request, turns errors into a status, logs and counts."""

    def __init__(self, method: str, metrics: CallMetrics, limit: float, context: Any) -> None:  # noqa: ANN401
        self.method, self._metrics, self._context, self._limit = method, metrics, context, limit
        self.sent = 0
        self._count_sent = metrics.messages.labels(method, "sent").inc
        self.incoming = Incoming(context, limit, metrics.messages.labels(method, "received").inc)

    async def __aenter__(self) -> Self:
        headers = _wanted(self._context.invocation_metadata())
        self._request_id = accepted_request_id(headers.get("x-request-id"))
        REQUEST_ID.set(self._request_id)
        self._started = time.perf_counter()
        self._metrics.running.labels(self.method).inc()
        self._span = span(self.method, parent=headers)
        self._span.__enter__()
        return self

    async def write(self, message: Any) -> None:  # noqa: ANN401 - as above
        """Sends a message; a reader that takes none for longer than the limit is given up."""
        try:
            async with asyncio.timeout(self._limit):
                await self._context.write(message)
        except TimeoutError:
            raise StreamIdle(f"no message was read for {self._limit:g} seconds", hint="Read, or cancel.") from None
        self.sent += 1
        self._count_sent()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        status = grpc.StatusCode.CANCELLED
        try:
            if error is None or isinstance(error, grpc.aio.AbortError):
                status = self._context.code() or grpc.StatusCode.OK
            elif isinstance(error, HirehubError):
                status = status_of(error)
                return await self._refuse(error, status)
            elif isinstance(error, Exception) and not isinstance(error, grpc.aio.BaseError):
                status = grpc.StatusCode.INTERNAL
                _log.error("grpc_fault", method=self.method, exc_info=error)
                await self._context.abort(status, f"internal error; the log has it under {self._request_id}")
            return False
        finally:
            self._span.__exit__(kind, error, trace)
            self._finish(status, error)

    async def _refuse(self, error: HirehubError, status: grpc.StatusCode) -> bool:
        """Sends the status; a caller that reads nothing, or is gone, is not waited for."""
        if error.kind is Kind.BROKEN:
            _log.error("grpc_fault", method=self.method, exc_info=error)
        try:
            async with asyncio.timeout(_STATUS_SECONDS):
                await self._context.abort(status, details_of(error), ((CODE_TRAILER, error.code),))
        except (TimeoutError, grpc.aio.InternalError):
            return True
        return True

    def _finish(self, status: grpc.StatusCode, error: BaseException | None) -> None:
        seconds = time.perf_counter() - self._started
        self._metrics.running.labels(self.method).dec()
        self._metrics.calls.labels(self.method, status.name).inc()
        self._metrics.seconds.labels(self.method).observe(seconds)
        write = _log.debug if self.method.startswith(_QUIET) else _log.info
        facts = {"code": error.code, "reason": error.message} if isinstance(error, HirehubError) else {}
        write(
            "grpc_call",
            method=self.method,
            status=status.name,
            seconds=round(seconds, 4),
            received=self.incoming.received,
            sent=self.sent,
            **facts,
        )


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler of a server."""

    def __init__(self, metrics: Metrics, token: TokenCheck, idle_timeout: float) -> None:
        self._metrics = CallMetrics(metrics)
        self._token = token
        self._limit = idle_timeout
        self._tasks: set[asyncio.Task[Any]] = set()

    async def ended(self, seconds: float) -> None:
        """Waits until no call is under way, for so long at most: one that was cancelled has last things to do."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def intercept_service(
        self,
        continuation: "Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any] | None]]",
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """The handler that runs instead: the service's own within a `_Call`, or a refusal."""
        method = str(handler_call_details.method)
        if not method.startswith(_WITHOUT_TOKEN):
            headers = _wanted(handler_call_details.invocation_metadata)
            if not self._token.passes(headers.get("authorization")):
                return grpc.stream_stream_rpc_method_handler(_refuse_caller)
        handler = await continuation(handler_call_details)
        if handler is None or (behaviour := _behaviour(handler)) is None:
            return handler
        wrap = self._streamed if handler.response_streaming else self._answered
        wrapped: grpc.RpcMethodHandler[Any, Any] = wrap(method, handler, behaviour)
        return wrapped

    def _answered(self, method: str, handler: Any, behaviour: Any) -> Any:  # noqa: ANN401 - handlers of any messages
        single = not handler.request_streaming

        async def answer(_messages: object, context: Any) -> Any:  # noqa: ANN401 - as above
            self._note()
            async with _Call(method, self._metrics, self._limit, context) as call:
                return await behaviour(await call.incoming.only() if single else call.incoming, context)

        return grpc.stream_unary_rpc_method_handler(answer, handler.request_deserializer, handler.response_serializer)

    def _streamed(self, method: str, handler: Any, behaviour: Any) -> Any:  # noqa: ANN401 - as above
        single = not handler.request_streaming

        async def stream(_messages: object, context: Any) -> None:  # noqa: ANN401 - as above
            self._note()
            async with _Call(method, self._metrics, self._limit, context) as call:
                result = behaviour(await call.incoming.only() if single else call.incoming, context)
                if not isasyncgen(result):
                    await result
                    return
                async with aclosing(result) as messages:
                    async for message in messages:
                        await call.write(message)

        return grpc.stream_stream_rpc_method_handler(stream, handler.request_deserializer, handler.response_serializer)

    def _note(self) -> None:
        """Knows the task of this call until it is done."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


def _behaviour(handler: Any) -> Any:  # noqa: ANN401 - one of four kinds of function
    """The service's function, if it is asynchronous (a blocking one runs in the library's threads, unwrapped)."""
    function = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
    return function if iscoroutinefunction(function) or isasyncgenfunction(function) else None


def _wanted(metadata: Any) -> dict[str, str]:  # noqa: ANN401 - the library's pairs
    """The headers that are looked at; binary ones are not."""
    return {
        key: value
        for key, value in metadata or ()
        if key in ("authorization", "x-request-id", "traceparent", "tracestate") and isinstance(value, str)
    }


async def _refuse_caller(_messages: object, context: Any) -> None:  # noqa: ANN401 - any service's
    """Reads nothing of a caller without the token."""
    await context.abort(grpc.StatusCode.UNAUTHENTICATED, "the bearer token is missing or wrong")
