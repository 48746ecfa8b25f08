"""Liveness, readiness and metrics of a process, answered without a framework."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.responses import Response

from hirehub.kernel.health import Readiness
from hirehub.kernel.http.edge import App, Receive, Scope, Send
from hirehub.kernel.http.problems import document
from hirehub.kernel.telemetry import Metrics
from hirehub.kernel.telemetry.metrics import CONTENT_TYPE

_ALLOW = {"allow": "GET, HEAD"}
_FRESH = {"cache-control": "no-store"}


def probes(readiness: Readiness, metrics: Metrics) -> dict[str, App]:
    """The applications by path. Ready is 200 when every check passes, else 503; it names each and what it said."""

    async def live() -> Response:
        return _json(200, {"status": "alive"})

    async def ready() -> Response:
        report = await readiness.report()
        status = "ready" if report.ready else "not ready"
        return _json(200 if report.ready else 503, {"status": status, "checks": report.checks})

    async def measured() -> Response:
        return Response(metrics.render(), media_type=CONTENT_TYPE)

    return {"/health/live": _get(live), "/health/ready": _get(ready), "/metrics": _get(measured)}


def _get(answer: Callable[[], Awaitable[Response]]) -> App:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            response = await answer()
        else:
            response = document(
                HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Only GET is answered here.", _ALLOW
            )
        await response(scope, receive, send)

    return app


def _json(status: int, content: object) -> Response:
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, _FRESH, "application/json")
