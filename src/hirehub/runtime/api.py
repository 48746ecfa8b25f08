"""The one API of a process: the routes of its parts, and what all of them stand on. Imports FastAPI."""

from hirehub.kernel.auth.keys import SigningKey, signing_key
from hirehub.kernel.auth.verifier import Verifier
from hirehub.kernel.cache import CachePort
from hirehub.kernel.http import HttpApp
from hirehub.kernel.http.limits import RateLimiter
from hirehub.kernel.http.routes import include
from hirehub.kernel.module import Routes
from hirehub.kernel.settings import Settings


def add_routes(app: HttpApp, routes: tuple[Routes, ...], settings: Settings, cache: CachePort) -> None:
    """Adds the routes, with a verifier of tokens and a limiter of rates for their dependencies."""
    key = signing_key(settings)
    provides = {SigningKey: key, Verifier: Verifier(settings.auth, key), RateLimiter: RateLimiter(cache)}
    include(app.api, routes, provides)
    for one in routes:
        app.allow_larger(one.bodies)
