"""The one API of a process: the routes of its parts, and what all of them stand on. Imports FastAPI."""

from functools import partial
from typing import cast

from hirehub.kernel.auth import Directory
from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.auth.keys import SigningKey, signing_key
from hirehub.kernel.cache import CachePort
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http import HttpApp
from hirehub.kernel.http.limits import RateLimiter
from hirehub.kernel.http.routes import include
from hirehub.kernel.module import Routes
from hirehub.kernel.settings import Settings
from hirehub.runtime.description import describe


def add_routes(
    app: HttpApp, routes: tuple[Routes, ...], settings: Settings, cache: CachePort, callers: Callers | None = None
) -> None:
    """Adds the routes, and for their dependencies who calls and a limiter of rates.

    Where one of the parts keeps the accounts, every token that `callers` is asked for is held against them from now on.
    """
    known = callers or Callers(settings, cache)
    for one in routes:
        directory = one.provides.get(Directory)
        if directory is not None:
            known.hold_against(cast("Directory", directory))
    provides = {SigningKey: signing_key(settings), Callers: known, RateLimiter: RateLimiter(cache)}
    include(app.api, routes, provides)
    describe(app.api)
    for one in routes:
        app.allow_larger(one.bodies)
        app.allow_services_larger(one.service_bodies, partial(_is_service, known))


async def _is_service(callers: Callers, token: str) -> bool:
    try:
        return (await callers.of(token)).is_service
    except HirehubError:
        return False
