"""Swagger UI at /api/docs, out of files that set-up has brought: no other site's code runs in it.

The page shows what /api/v1/openapi.json says. Without the files it says so.
"""

import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

DOCS: Final = "/api/docs"
_PACKAGE: Final = "drf_spectacular_sidecar"
"""A package of static files only: none of its code is run, or works, here."""
_FOLDER: Final = ("static", _PACKAGE, "swagger-ui-dist")
_FILES: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_POLICY: Final = (
    "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hirehub API</title>
<link rel="stylesheet" href="{DOCS}/swagger-ui.css">
</head>
<body>
<div id="docs">
<p>Swagger UI opens here, unless JavaScript is off or its files are missing; <code>make setup</code> brings them.
What it would show is at <a href="OPENAPI">OPENAPI</a>.</p>
</div>
<script src="{DOCS}/swagger-ui-bundle.js"></script>
<script src="{DOCS}/start.js"></script>
</body>
</html>
"""
_START: Final = 'SwaggerUIBundle({ url: "OPENAPI", dom_id: "#docs", deepLinking: true, validatorUrl: null });\n'


def docs_router(openapi: str) -> APIRouter:
    """The page, its script and its files; `openapi` is the address of the description."""
    router = APIRouter(include_in_schema=False)

    @router.get(DOCS)
    async def page() -> Response:
        return _answer(_HTML.replace("OPENAPI", openapi).encode(), "text/html")

    @router.get(DOCS + "/start.js")
    async def start() -> Response:
        return _answer(_START.replace("OPENAPI", openapi).encode(), "text/javascript")

    @router.get(DOCS + "/{name}")
    async def file(name: str, request: Request) -> Response:
        found = _compressed(name) if name in _FILES else None
        if found is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=86400", "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", "").lower():
            return _answer(found, _FILES[name], {**headers, "content-encoding": "gzip"})
        return _answer(gzip.decompress(found), _FILES[name], headers)

    return router


def _answer(body: bytes, kind: str, headers: dict[str, str] | None = None) -> Response:
    policy = {"content-security-policy": _POLICY}
    return Response(body, 200, {"cache-control": "no-cache", **policy, **(headers or {})}, kind)


@lru_cache(maxsize=len(_FILES))
def _compressed(name: str) -> bytes | None:
    """One of the files; None where set-up has not brought them."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*_FOLDER, name)
    return gzip.compress(path.read_bytes(), 9) if path.is_file() else None
