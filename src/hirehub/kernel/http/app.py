"""The HTTP application of a process: mounts of its parts, health, metrics, and one way of telling errors.

`create_app(...)` is an ASGI application. Parts bring ASGI applications under a path; routes that should share the
error handling go to `.api`, a FastAPI application that comes into being when it is first asked for.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from hirehub.kernel.errors import Broken
from hirehub.kernel.health import Readiness
from hirehub.kernel.http.edge import Edge, Receive, Scope, Send
from hirehub.kernel.http.korean import KOREAN
from hirehub.kernel.http.languages import Languages
from hirehub.kernel.http.probes import probes
from hirehub.kernel.http.problems import problem_of_http
from hirehub.kernel.module import Check, HttpMount
from hirehub.kernel.settings import HttpSettings
from hirehub.kernel.telemetry import Metrics, process_metrics

if TYPE_CHECKING:
    from fastapi import FastAPI


class HttpApp:
    """An ASGI application."""

    def __init__(
        self,
        title: str,
        settings: HttpSettings,
        mounts: Sequence[HttpMount],
        checks: Sequence[Check],
        metrics: Metrics,
        korean: Mapping[str, str],
    ) -> None:
        self._title = title
        self._api: FastAPI | None = None
        exact = probes(Readiness(checks), metrics)
        self._edge = Edge(
            self._rest,
            settings,
            exact=exact,
            mounts=mounts,
            metrics=metrics,
            languages=Languages({"ko": KOREAN | dict(korean)}),
        )

    @property
    def api(self) -> "FastAPI":
        """Takes routes; imports FastAPI."""
        if self._api is None:
            from hirehub.kernel.http.api import make_api

            self._api = make_api(self._title)
        return self._api

    @property
    def paths(self) -> list[str]:
        """What is answered beside the API: probes, and the paths of mounts."""
        return self._edge.paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one websocket."""
        await self._edge(scope, receive, send)

    def allow_larger(self, bodies: Mapping[str, int]) -> None:
        """Lets bodies on these routes (`PUT /path/*`) have so many bytes."""
        self._edge.larger.update(bodies)

    def allow_services_larger(self, bodies: Mapping[str, int], is_service: Callable[[str], Awaitable[bool]]) -> None:
        """Lets bodies on these routes have so many bytes where `is_service` knows the token that comes with them."""
        self._edge.for_services.update(bodies)
        self._edge.is_service = is_service

    async def _rest(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What no mount covers."""
        if self._api is not None:
            await self._api(scope, receive, send)
        elif scope["type"] == "http":
            await problem_of_http(HTTPException(404))(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})


def create_app(
    title: str,
    *,
    settings: HttpSettings,
    mounts: Sequence[HttpMount] = (),
    checks: Sequence[Check] = (),
    metrics: Metrics | None = None,
    korean: Mapping[str, str] | None = None,
) -> HttpApp:
    """The application. Two mounts on one path are refused. `korean` are words of codes beside the kernel's."""
    paths = [mount.path.rstrip("/") for mount in mounts]
    if len(set(paths)) != len(paths):
        raise Broken(f"two parts want the same HTTP path ({', '.join(sorted(paths))})", hint="Give each its own.")
    return HttpApp(title, settings, mounts, checks, metrics or process_metrics(), korean or {})
