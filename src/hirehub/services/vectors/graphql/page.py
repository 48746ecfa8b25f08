"""GraphiQL, out of files that set-up has brought: it opens without a network, and no other site's code runs in it.

Neither page nor files show any data; what is asked from the page goes through the same door as every request. Without
the files the page says so, and queries are answered all the same.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

Send = Callable[[dict[str, Any]], Awaitable[None]]

_PACKAGE: Final = "graphene_django_graphiql_static"
"""A package of static files only: none of its code is run, or works, here."""
_FILES: Final[Mapping[str, bytes]] = {
    "react.production.min.js": b"text/javascript",
    "react-dom.production.min.js": b"text/javascript",
    "graphiql.min.js": b"text/javascript",
    "graphiql.min.css": b"text/css",
}
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
<link rel="stylesheet" href="ROOT/graphiql.min.css">
<style>html, body, #graphiql { height: 100%; margin: 0 }</style>
</head>
<body>
<div id="graphiql">
<p>GraphiQL opens here, unless JavaScript is off or its files are missing; <code>make setup</code> brings them.
Queries are answered by POST at this address all the same.</p>
</div>
<script src="ROOT/react.production.min.js"></script>
<script src="ROOT/react-dom.production.min.js"></script>
<script src="ROOT/graphiql.min.js"></script>
<script src="ROOT/start.js"></script>
</body>
</html>
"""
_START: Final = b"""const url = new URL(document.currentScript.src).pathname.replace(/\\/start\\.js$/, "");
const fetcher = GraphiQL.createFetcher({ url });
const defaultQuery = `# The book on the left tells everything that can be asked. For example:
{
  searchRecruits(first: 5) {
    nodes { id companyName expYears primaryKeyword }
    pageInfo { hasNextPage endCursor }
  }
}
`;
const page = React.createElement(GraphiQL, { fetcher, defaultQuery, defaultEditorToolsVisibility: true });
ReactDOM.render(page, document.getElementById("graphiql"));
"""


async def page(scope: Mapping[str, Any], send: Send) -> None:
    """Answers GET and HEAD: the page, or one of its files."""
    root = scope.get("root_path", "")
    rest = scope["path"].removeprefix(root).strip("/")
    more: list[tuple[bytes, bytes]] = [(b"cache-control", b"no-cache")]
    status, kind, body = 200, b"text/html", _HTML.replace(b"ROOT", root.encode())
    if rest == "start.js":
        kind, body = b"text/javascript", _START
    elif rest:
        found = _compressed(rest) if rest in _FILES else None
        if found is None:
            status, kind, body = 404, b"text/plain", b"There is nothing here.\n"
        elif _takes_gzip(scope):
            kind, body, more = _FILES[rest], found, [*_KEEP, (b"content-encoding", b"gzip")]
        else:
            kind, body, more = _FILES[rest], gzip.decompress(found), [*_KEEP]
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"content-security-policy", _POLICY),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


_KEEP: Final = ((b"cache-control", b"public, max-age=86400"), (b"vary", b"accept-encoding"))


@lru_cache(maxsize=len(_FILES))
def _compressed(name: str) -> bytes | None:
    """One of the files; None where set-up has not brought them."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "static" / _PACKAGE / name
    return gzip.compress(path.read_bytes(), 9) if path.is_file() else None


def _takes_gzip(scope: Mapping[str, Any]) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value.lower() for name, value in scope["headers"])
