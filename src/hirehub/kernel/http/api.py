"""The FastAPI application for routes that want it, its failures told as problem documents.

Imported only when a part asks for it: the framework brings OpenTelemetry's API along, and a process that only mounts
applications of its own needs neither. The framework's own telemetry is off: it would record what callers sent.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from hirehub import __version__
from hirehub.kernel.errors import HirehubError, Kind
from hirehub.kernel.http.languages import SPEECH, Catalogue
from hirehub.kernel.http.problems import broken, document, problem_of, problem_of_http
from hirehub.kernel.telemetry import get_logger

OPENAPI = "/api/v1/openapi.json"
_log = get_logger(__name__)
_OF_CODE: Final = re.compile(r"<[\w.]+: ('[^']*')>")
"""A value as our code writes it, and in the group as a caller does."""


def make_api(title: str) -> FastAPI:
    """An application without routes."""
    api = FastAPI(
        title=title,
        version=__version__,
        openapi_url=OPENAPI,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )

    @api.exception_handler(HirehubError)
    async def known(_request: Request, error: HirehubError) -> Response:
        if error.kind is Kind.BROKEN:
            _log.error("http_fault", exc_info=error)
        return problem_of(error)

    @api.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> Response:
        return problem_of_http(error)

    @api.exception_handler(RequestValidationError)
    async def rejected(_request: Request, error: RequestValidationError) -> Response:
        return problem_of_fields(error)

    @api.exception_handler(Exception)
    async def unexpected(_request: Request, _error: Exception) -> Response:
        return broken()

    return api


def _operation(route: APIRoute) -> str:
    """The name of a route in the description, and of its function in clients made from that."""
    return "_".join([*(str(tag) for tag in route.tags[:1]), route.name])


def problem_of_fields(error: RequestValidationError) -> Response:
    """The document of rejected fields: each is named by a pointer, and what was sent in it is not repeated."""
    words = SPEECH.get().words
    fields = [
        {"pointer": _pointer(field), "rule": field["type"], "message": _message(field, words)}
        for field in error.errors()
    ]
    detail = f"{len(fields)} field(s) cannot be accepted."
    return document(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, errors=fields)


def _pointer(field: Mapping[str, Any]) -> str:
    """Where the field stands; the whole body where that is no JSON."""
    place = field["loc"][:1] if field["type"] == "json_invalid" else field["loc"]
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _message(field: Mapping[str, Any], words: Catalogue) -> str:
    """What is wrong with a field, with the bound or the values that hold.

    A rule of our own says why in its message, which is its name in a catalogue: `rule.value_error.one line`.
    """
    said = str(field["msg"]).removeprefix("Value error, ")
    facts = {name: _OF_CODE.sub(r"\1", str(value)) for name, value in field.get("ctx", {}).items()}
    if not words:
        return _OF_CODE.sub(r"\1", said)
    rule = f"rule.{field['type']}"
    found = words.get(f"{rule}.{said}") or words.get(rule) or words["rule.other"]
    return found.format_map({**facts, "expected": facts.get("expected", "").replace(" or ", ", ")})
