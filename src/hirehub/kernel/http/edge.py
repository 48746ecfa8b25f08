"""The outermost layer of the HTTP side: ids, limits, faults, log and metrics, as one plain ASGI application.

It is on the way of every request, so it does its work in one object a request and asks nobody. A mounted application
is called straight from here, past the framework's own layers.

Limits: a body may have so many bytes, told or counted; a request may take so many seconds until its answer begins,
and then so many between two pieces of it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

from starlette.requests import ClientDisconnect

from hirehub.kernel.errors import HirehubError, Kind
from hirehub.kernel.http.languages import ENGLISH, SPEECH, Languages, Speech
from hirehub.kernel.http.problems import (
    BadLength,
    BodyTooLarge,
    BodyTooSlow,
    RequestTimeout,
    Stopping,
    broken,
    problem_of,
)
from hirehub.kernel.module import HttpMount
from hirehub.kernel.settings import HttpSettings
from hirehub.kernel.telemetry import REQUEST_ID, Metrics, PlainLog, accepted_request_id, get_logger, span, tracing

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_log = get_logger(__name__)
_requests = PlainLog(__name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ID_LETTERS = 36
_BEARER = "bearer "
_QUIET = ("/health/", "/metrics")
_GONE = 499
_LENGTH_DIGITS = 20
_NOSNIFF = (b"x-content-type-options", b"nosniff")


async def _nobody(_token: str) -> bool:
    return False


class Edge:
    """Calls the application of exactly that path, or of the longest mount that the path begins with, or `inner`."""

    def __init__(
        self,
        inner: App,
        settings: HttpSettings,
        *,
        exact: Mapping[str, App],
        mounts: Sequence[HttpMount],
        metrics: Metrics,
        languages: Languages,
    ) -> None:
        self.languages = languages
        self._inner, self._exact = inner, dict(exact)
        self._mounts = sorted(
            ((mount.path.rstrip("/"), mount.app) for mount in mounts), key=lambda mount: -len(mount[0])
        )
        self.max_body = settings.max_body
        self.larger: dict[str, int] = {}
        """Bytes that a body may have on some routes: a method and a path, in which `*` stands for any one id."""
        self.for_services: dict[str, int] = {}
        """The same where only another service may send so much."""
        self.is_service: Callable[[str], Awaitable[bool]] = _nobody
        self.seconds = settings.request_timeout
        self._requests = metrics.counter(
            "http_requests", "Requests answered, by method, route and status.", ("method", "route", "status")
        )
        self._durations = metrics.histogram("http_request_seconds", "Seconds that a request took.", ("route",))
        self._known: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}

    @property
    def paths(self) -> list[str]:
        """What is called past `inner`."""
        return [*self._exact, *(path or "/" for path, _ in self._mounts)]

    def most(self, scope: Scope) -> tuple[int, bool]:
        """Bytes that the body of a request may have, and whether more than the usual is for services alone."""
        path = "/".join("*" if len(one) == _ID_LETTERS else one for one in scope.get("path", "").split("/"))
        route = f"{scope['method']} {path}"
        most = self.for_services.get(route)
        return (self.larger.get(route, self.max_body), False) if most is None else (most, True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; websockets go to their mount as they are."""
        if scope["type"] != "http":
            app, _ = self._choose(scope)
            await app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = _Exchange(self, scope, receive, send)
        app, route = self._choose(scope)
        token, spoken = REQUEST_ID.set(exchange.request_id), SPEECH.set(exchange.speech)
        try:
            if tracing():
                with span(f"{scope['method']} {route or 'api'}", parent=exchange.trace_headers()):
                    await exchange.run(app)
            else:
                await exchange.run(app)
            self._told(scope, route, exchange.status, time.perf_counter() - started)
        finally:
            REQUEST_ID.reset(token)
            SPEECH.reset(spoken)

    def _choose(self, scope: Scope) -> tuple[App, str]:
        """The application for a path, and the name of its route where that is known by now."""
        path = scope.get("path", "")
        if path in self._exact:
            return self._exact[path], path
        for prefix, app in self._mounts:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in {"", "/"}:
                scope["root_path"] = scope.get("root_path", "") + prefix
                return app, prefix or "/"
        return self._inner, ""

    def _told(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        """Counts and logs. Paths may hold anything, so the route's pattern is told instead."""
        if not route:
            route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        known = self._known.get((method, route, status))
        if known is None:
            known = (self._requests.labels(method, route, str(status)).inc, self._durations.labels(route).observe)
            self._known[(method, route, status)] = known
        known[0]()
        known[1](seconds)
        write = _log.debug if route.startswith(_QUIET) else _requests.info
        write("http_request", method=method, route=route, status=status, seconds=round(seconds, 5))


class _Exchange:
    """One request and its answer."""

    __slots__ = (
        "_asks",
        "_body",
        "_edge",
        "_failure",
        "_most",
        "_receive",
        "_scope",
        "_send",
        "_timeout",
        "_waits",
        "request_id",
        "speech",
        "status",
    )

    def __init__(self, edge: Edge, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge, self._scope, self._receive, self._send = edge, scope, receive, send
        self._failure: HirehubError | None = None
        self._timeout: asyncio.Timeout | None = None
        self._waits = False
        self._body = 0
        self._most, self._asks = edge.max_body, False
        self.status = 0
        self.speech: Speech = ENGLISH
        told = None
        for name, value in scope["headers"]:
            if name == b"content-length":
                self._body_told(value)
            elif name == b"x-request-id":
                told = value.decode("latin-1")
            elif name == b"accept-language":
                self.speech = edge.languages.choose(value.decode("latin-1"))
        self.request_id = accepted_request_id(told)

    def trace_headers(self) -> dict[str, str]:
        """The headers that may carry the caller's span."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self._scope["headers"]}

    async def run(self, app: App) -> None:
        """Calls the application within the limits; whatever happens, an answer goes out."""
        if self._refused():
            return await self._fail(self._failure or self._too_large())
        self._timeout = asyncio.timeout(self._edge.seconds)
        try:
            async with self._timeout:
                await app(self._scope, self.receive, self.send)
            if self._refused():
                await self._fail(self._too_large())
        except ClientDisconnect:
            self.status = self.status or _GONE
        except HirehubError as error:
            await self._fail(error)
        except TimeoutError as error:
            await self._fail(self._late() if self._timeout.expired() else error)
        except asyncio.CancelledError:
            if not self.status:
                await self._fail(Stopping("the server is stopping", hint="Try again in a moment."))
            raise
        except Exception as error:  # noqa: BLE001 - the last place where a fault can become an answer
            await self._fail(error)
        if not self.status:
            self.status = _GONE
        return None

    def _refused(self) -> bool:
        """Whether the body was too large, be it that the application hid the error."""
        return self._failure is not None

    async def receive(self) -> Message:
        """A piece of the body, counted."""
        self._waits = True
        message = await self._receive()
        self._waits = False
        if message["type"] == "http.request":
            self._body += len(message.get("body", b""))
            if self._body > self._edge.max_body:
                await self._beyond()
        return message

    async def _beyond(self) -> None:
        """Lets a body that is larger than usual go on where its route takes it, and whom it takes it from."""
        if self._most == self._edge.max_body:
            self._most, self._asks = self._edge.most(self._scope)
        if self._asks:
            self._asks = False
            if not await self._edge.is_service(self._token()):
                self._most = self._edge.max_body
        if self._body > self._most:
            self._failure = self._too_large()
            raise self._failure

    def _token(self) -> str:
        told = self.trace_headers().get("authorization", "")
        return told[len(_BEARER) :] if told[: len(_BEARER)].lower() == _BEARER else ""

    async def send(self, message: Message) -> None:
        """A piece of the answer. Once a limit was passed, the problem goes out instead of what was made of it."""
        if message["type"] == "http.response.start":
            if self._failure is not None:
                return
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-request-id", self.request_id.encode("ascii")),
                _NOSNIFF,
            ]
        elif self._failure is not None and not self.status:
            return
        elif message.get("more_body") and self._timeout is not None:
            self._timeout.reschedule(asyncio.get_running_loop().time() + self._edge.seconds)
        await self._send(message)

    async def _fail(self, error: Exception) -> None:
        """Answers with a problem; an answer that has begun is left cut off, and the server closes its connection."""
        failure = self._failure or error
        if not isinstance(failure, HirehubError) or failure.kind is Kind.BROKEN:
            _log.error("http_fault", exc_info=failure)
        if not self.status:
            await self._answer(problem_of(failure) if isinstance(failure, HirehubError) else broken())

    async def _answer(self, response: Any) -> None:  # noqa: ANN401 - a response of the framework
        self._failure = None
        await response(self._scope, self._receive, self.send)

    def _body_told(self, value: bytes) -> None:
        if len(value) > _LENGTH_DIGITS:
            self._failure = BadLength("content-length is no number of bytes", hint="Tell it in decimal digits.")
        elif value.isdigit() and int(value) > self._most:
            self._most, self._asks = self._edge.most(self._scope)
            if int(value) > self._most:
                self._failure = self._too_large()

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge(f"a request body may have {self._most} bytes", hint="Send less at once.")

    def _late(self) -> HirehubError:
        if self._waits:
            return BodyTooSlow(f"the body did not arrive within {self._edge.seconds:g} seconds", hint="Send it faster.")
        return RequestTimeout(f"the request took longer than {self._edge.seconds:g} seconds", hint="Ask for less.")
