"""The gRPC listener of a process: one server a port, with health, reflection, limits and keep-alive.

`async with GrpcServer(settings, port=0, services=[...]) as server:` listens on `server.port` until the block ends.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio

from hirehub.kernel.errors import Broken, Conflict
from hirehub.kernel.grpc.calls import CallInterceptor
from hirehub.kernel.grpc.reflection import add_reflection
from hirehub.kernel.grpc.security import TokenCheck, server_credentials
from hirehub.kernel.module import GrpcService
from hirehub.kernel.settings import GrpcSettings
from hirehub.kernel.telemetry import Metrics, get_logger, process_metrics

_log = get_logger(__name__)
MAX_CALLS = 256
"""Calls that a server has under way at once; more are told RESOURCE_EXHAUSTED."""
MAX_STREAMS = 128
"""Calls of one connection; more wait on the caller's side."""
_HANDSHAKE_SECONDS = 15
_LAST_WORDS_SECONDS = 0.9
_IDLE_CONNECTION_SECONDS = 900
_LEAST_PING_MILLIS = 5_000
_METADATA_BYTES = 16_384


class PortTaken(Conflict):
    """Something else listens there already."""

    code = "port_taken"


class GrpcServer:
    """Serves the services of one port. Port 0 means any free one; `port` tells which after the start."""

    def __init__(
        self,
        settings: GrpcSettings,
        *,
        port: int,
        services: Sequence[GrpcService],
        published: bytes | None = None,
        metrics: Metrics | None = None,
        max_calls: int = MAX_CALLS,
    ) -> None:
        """`published` is a serialized FileDescriptorSet; without it there is no reflection."""
        self.port = port
        self.names = tuple(name for service in services for name in service.names)
        self._settings = settings
        self._services = services
        self._published = published
        self._metrics = metrics or process_metrics()
        self._max_calls = max_calls
        self._server: grpc.aio.Server | None = None
        self._calls: CallInterceptor | None = None
        self._health = health_aio.HealthServicer()

    async def start(self) -> int:
        """Listens; answers the port. Raises InsecureListener, InvalidSettings or PortTaken."""
        credentials = server_credentials(self._settings)
        self._calls = interceptor = CallInterceptor(
            self._metrics, TokenCheck(self._settings.token), self._settings.idle_timeout
        )
        server = grpc.aio.server(
            interceptors=(interceptor,), options=_options(self._settings), maximum_concurrent_rpcs=self._max_calls
        )
        for service in self._services:
            service.add(server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if self._published is not None:
            add_reflection(server, self.names, self._published)
        self.port = _bind(server, self._settings.host, self.port, credentials)
        await server.start()
        self._server = server
        await self.set_serving(serving=True)
        _log.info("grpc_listens", host=self._settings.host, port=self.port, services=list(self.names))
        return self.port

    async def set_serving(self, *, serving: bool) -> None:
        """What health answers for the server and each of its services."""
        statuses = health_pb2.HealthCheckResponse
        status = statuses.SERVING if serving else statuses.NOT_SERVING
        for name in (health.OVERALL_HEALTH, *self.names):
            await self._health.set(name, status)

    async def stop(self, grace: float = 3.0) -> None:
        """Takes no new calls, lets those under way finish for `grace` seconds, then cancels them.

        Their last words (what a cancelled call still has to store) are waited for, within a second.
        """
        server, self._server = self._server, None
        if server is not None:
            await self._health.enter_graceful_shutdown()
            await server.stop(grace)
            if self._calls is not None:
                await self._calls.ended(_LAST_WORDS_SECONDS)

    @property
    def target(self) -> str:
        """HOST:PORT at which it is reached from this machine."""
        if self._server is None:
            raise Broken("the gRPC server is not started", hint="Start it before asking where it is.")
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._settings.host, self._settings.host)  # noqa: S104
        return f"{host}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop(grace=0.5)


def _bind(server: grpc.aio.Server, host: str, port: int, credentials: grpc.ServerCredentials | None) -> int:
    bracketed = f"[{host}]" if ":" in host and not host.startswith(("[", "unix:")) else host
    address = host if host.startswith("unix:") else f"{bracketed}:{port}"
    try:
        bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    except RuntimeError:
        bound = 0
    if not bound and not host.startswith("unix:"):
        raise PortTaken(
            f"gRPC cannot listen on {address}", hint="Is the port taken? `hirehub doctor` tells; choose another one."
        )
    return bound


def _options(settings: GrpcSettings) -> list[tuple[str, int]]:
    """Channel arguments: sizes, keep-alive, and what a caller's own keep-alive may cost us."""
    keepalive = int(settings.keepalive * 1000)
    return [
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", settings.max_message),
        ("grpc.max_send_message_length", settings.max_message),
        ("grpc.max_metadata_size", _METADATA_BYTES),
        ("grpc.absolute_max_metadata_size", 2 * _METADATA_BYTES),
        ("grpc.max_concurrent_streams", MAX_STREAMS),
        ("grpc.server_handshake_timeout_ms", _HANDSHAKE_SECONDS * 1000),
        ("grpc.max_connection_idle_ms", _IDLE_CONNECTION_SECONDS * 1000),
        ("grpc.keepalive_time_ms", keepalive),
        ("grpc.keepalive_timeout_ms", min(keepalive, 20_000)),
        ("grpc.http2.ping_timeout_ms", min(keepalive, 20_000)),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", min(_LEAST_PING_MILLIS, keepalive // 2)),
        ("grpc.http2.max_ping_strikes", 2),
        ("grpc.http2.max_pings_without_data", 0),
    ]
