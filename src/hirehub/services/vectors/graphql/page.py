"""GraphiQL, out of files that a package brings at set-up: it opens without a network, and no other site's code runs.

No third-party file is part of this project; where the package (requirements/assets.lock) is absent, the page says so.
Neither page nor files show any data; what is asked from the page goes through the same door as every request.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

Send = Callable[[dict[str, Any]], Awaitable[None]]

_PACKAGE: Final = "graphene_django_graphiql_static"
"""Only its static files are used; it is found, never imported."""
_FILES: Final[Mapping[str, tuple[str, bytes]]] = {
    "react.js": ("react.production.min.js", b"text/javascript"),
    "react-dom.js": ("react-dom.production.min.js", b"text/javascript"),
    "graphiql.js": ("graphiql.min.js", b"text/javascript"),
    "graphiql.css": ("graphiql.min.css", b"text/css"),
}
_ABSENT: Final = b"""GraphiQL is not installed here; queries are answered by POST at this address all the same.
To have the page: pip install --no-deps graphene-django-graphiql-static
"""
_POLICY: Final = (
    b"default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; font-src data:; worker-src 'self' blob:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hirehub GraphQL</title>
<link rel="stylesheet" href="ROOT/graphiql.css">
<style>html, body, #graphiql { height: 100%; margin: 0 }</style>
</head>
<body>
<div id="graphiql">GraphiQL needs JavaScript. Queries are answered by POST at this address all the same.</div>
<script src="ROOT/react.js"></script>
<script src="ROOT/react-dom.js"></script>
<script src="ROOT/graphiql.js"></script>
<script src="ROOT/start.js"></script>
</body>
</html>
"""
_START: Final = b"""const url = new URL(document.currentScript.src).pathname.replace(/\\/start\\.js$/, "");
const fetcher = GraphiQL.createFetcher({ url });
const query = `# Everything that can be asked is in the panel on the left. For example:
{
  searchRecruits(first: 5) {
    nodes { id companyName expYears primaryKeyword }
    pageInfo { hasNextPage endCursor }
  }
}
`;
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: query, defaultEditorToolsVisibility: true }),
);
"""


async def page(scope: Mapping[str, Any], send: Send) -> None:
    """Answers GET and HEAD: the page, or one of its files."""
    root = scope.get("root_path", "")
    rest = scope["path"].removeprefix(root).strip("/")
    encoding: list[tuple[bytes, bytes]] = []
    if not rest and _folder() is None:
        status, kind, body = 200, b"text/plain", _ABSENT
    elif not rest:
        status, kind, body = 200, b"text/html", _HTML.replace(b"ROOT", root.encode())
    elif rest == "start.js":
        status, kind, body = 200, b"text/javascript", _START
    elif rest in _FILES and _folder() is not None:
        status, kind, body = 200, _FILES[rest][1], _compressed(rest)
        if _takes_gzip(scope):
            encoding = [(b"content-encoding", b"gzip")]
        else:
            body = gzip.decompress(body)
    else:
        status, kind, body = 404, b"text/plain", b"There is nothing here.\n"
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"content-security-policy", _POLICY),
        (b"cache-control", b"public, max-age=86400" if rest in _FILES else b"no-cache"),
        (b"vary", b"accept-encoding"),
        *encoding,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@lru_cache(maxsize=1)
def _folder() -> Path | None:
    """Where the package's static files lie; None where it is not installed."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "static" / _PACKAGE


@lru_cache(maxsize=len(_FILES))
def _compressed(name: str) -> bytes:
    folder = _folder()
    if folder is None:
        raise FileNotFoundError(name)
    return gzip.compress((folder / _FILES[name][0]).read_bytes(), mtime=0)


def _takes_gzip(scope: Mapping[str, Any]) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value.lower() for name, value in scope["headers"])
