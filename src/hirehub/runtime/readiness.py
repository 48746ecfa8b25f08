"""Waiting for a product that other processes run: asked over its ports, as its users would ask."""

import asyncio
import contextlib
import http.client
import json
import time
from typing import Final

import grpc
from grpc_health.v1 import health_pb2

from hirehub.kernel.errors import Unavailable
from hirehub.kernel.grpc import open_channel
from hirehub.kernel.settings import Settings
from hirehub.runtime import hold
from hirehub.runtime.settings_table import settings_table

HTTP_PORT: Final = "HIREHUB_HTTP__PORT"
_PATH: Final = "/health/ready"
_HEALTH: Final = "/grpc.health.v1.Health/Check"
_PAUSE: Final = 0.1
_PATIENCE: Final = 3.0


class NotReady(Unavailable):
    """The product does not answer, or says that it is not ready."""

    code = "not_ready"


async def wait_until_ready(settings: Settings, seconds: float) -> dict[str, str]:
    """Returns the addresses once all of them answer ready; NotReady tells which do not, and why."""
    deadline = time.monotonic() + seconds
    while True:
        found = addresses(settings)
        reasons = await asyncio.gather(*(_asked(settings, kind, address) for kind, address in found.items()))
        late = [reason for reason in reasons if reason]
        if not late:
            return found
        if time.monotonic() >= deadline:
            raise NotReady(
                f"Not ready: {'; '.join(late)}", hint="Is `hirehub up` running here? `hirehub doctor` checks the rest."
            )
        await asyncio.sleep(_PAUSE)


def addresses(settings: Settings) -> dict[str, str]:
    """HOST:PORT of each listener by the setting that names it; of open ports (0) the running product tells HTTP's."""
    running = str(hold.told(settings.data_dir).get("http") or "").removeprefix("http://")
    found = {}
    for row in settings_table():
        if row.name == HTTP_PORT:
            found[row.name] = f"{_reachable(settings.http.host)}:{row.value}" if row.value != "0" else running
        elif row.name.endswith("GRPC_PORT") and row.value != "0":
            found[row.name] = f"{_reachable(settings.grpc.host)}:{row.value}"
    return {name: address for name, address in found.items() if address}


def _reachable(host: str) -> str:
    """The address under which this machine reaches a listener."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - asked, not listened on
    return f"[{shown}]" if ":" in shown else shown


async def _asked(settings: Settings, name: str, address: str) -> str:
    """Nothing when the listener is ready, else why not."""
    ask = asyncio.to_thread(_ask_http, address) if name == HTTP_PORT else _ask_grpc(settings, address)
    reason = await ask
    return f"{address} {reason} ({name})" if reason else ""


def _ask_http(address: str) -> str:
    """Asks past any proxy of the environment."""
    connection = http.client.HTTPConnection(address, timeout=_PATIENCE)
    with contextlib.closing(connection):
        try:
            connection.request("GET", _PATH)
            answer = connection.getresponse()
            body = answer.read(65_536)
        except (OSError, http.client.HTTPException):
            return "does not answer"
    return "" if answer.status == http.HTTPStatus.OK else f"is not ready{_told(body)}"


def _told(body: bytes) -> str:
    """What the answer says is not ready, such as `, sample: it is being loaded`."""
    try:
        checks = json.loads(body).get("checks", {})
    except (ValueError, AttributeError):
        return ""
    late = [f"{name}: {said}" for name, said in checks.items() if said != "ok"] if isinstance(checks, dict) else []
    return f", {', '.join(late)}" if late else ""


async def _ask_grpc(settings: Settings, address: str) -> str:
    """Asks the health service; where our channels have no TLS but the server does, an open port has to do."""
    if settings.grpc.tls_certificate is not None and not settings.grpc.tls:
        return await _knock(address)
    channel = open_channel(address, settings.grpc)
    try:
        call = channel.unary_unary(
            _HEALTH,
            health_pb2.HealthCheckRequest.SerializeToString,
            health_pb2.HealthCheckResponse.FromString,
        )
        answer = await call(health_pb2.HealthCheckRequest(), timeout=_PATIENCE)
    except grpc.aio.AioRpcError as error:
        silent = error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
        return "does not answer" if silent else f"answers {error.code().name}"
    finally:
        await channel.close()
    return "" if answer.status == health_pb2.HealthCheckResponse.SERVING else "is not ready"


async def _knock(address: str) -> str:
    """Whether something listens there."""
    host, _, port = address.rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), _PATIENCE)
    except (OSError, TimeoutError):
        return "does not answer"
    writer.close()
    return ""
