"""Routes of parts, put together into the one API of a process, and what they find there by its type."""

from collections.abc import Mapping
from typing import TypeVar

from fastapi import Depends, FastAPI, Request, Response

from hirehub.kernel.errors import Broken
from hirehub.kernel.http.docs import docs_router
from hirehub.kernel.module import Routes

T = TypeVar("T")


def include(api: FastAPI, routes: tuple[Routes, ...], provides: Mapping[type, object]) -> None:
    """Adds the routes of parts, their documentation, and what their dependencies ask for by `provided`."""
    found: dict[type, object] = dict(provides)
    for one in routes:
        if twice := found.keys() & one.provides.keys():
            raise Broken(f"two parts provide {', '.join(sorted(kind.__name__ for kind in twice))}")
        found.update(one.provides)
        api.include_router(one.router, dependencies=[Depends(_no_store)])
    api.include_router(docs_router(str(api.openapi_url)))
    api.state.provided = found


async def _no_store(response: Response) -> None:
    """What a route answers is its caller's alone, unless the route says otherwise."""
    response.headers["cache-control"] = "no-store"


def provided(request: Request, kind: type[T]) -> T:
    """What a part of this process provides under the type."""
    found: T | None = request.app.state.provided.get(kind)
    if found is None:
        raise Broken(f"no part of this process provides {kind.__name__}")
    return found
