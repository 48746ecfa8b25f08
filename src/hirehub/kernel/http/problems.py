"""Errors as problem documents (RFC 9457): one shape for every failure that a caller may see, in the caller's language.

A fault of our own tells nothing but the request's id.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from string import Template
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from hirehub.kernel.errors import HirehubError, Invalid, Kind, LimitExceeded, Unavailable
from hirehub.kernel.http.languages import ENGLISH, SPEECH
from hirehub.kernel.telemetry import REQUEST_ID

CONTENT_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:hirehub:error:"
_RETRY_SECONDS: Final = {Kind.BUSY: "1", Kind.UNAVAILABLE: "5"}

_STATUS: Final[dict[Kind, HTTPStatus]] = {
    Kind.MISSING: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.DENIED: HTTPStatus.FORBIDDEN,
    Kind.BUSY: HTTPStatus.CONFLICT,
    Kind.LIMIT: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Kind.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class BodyTooLarge(LimitExceeded):
    """A request body is larger than what is taken."""

    code = "body_too_large"


class BadLength(Invalid):
    """The length of a request body is told as no number of bytes."""

    code = "bad_content_length"


class BodyTooSlow(LimitExceeded):
    """A request body did not arrive in time."""

    code = "body_too_slow"


class RequestTimeout(Unavailable):
    """A request took longer than it may."""

    code = "request_timeout"


class Stopping(Unavailable):
    """The server stopped before the request was done."""

    code = "stopping"


_BY_CODE: Final = {
    "unauthenticated": HTTPStatus.UNAUTHORIZED,
    BadLength.code: HTTPStatus.BAD_REQUEST,
    BodyTooSlow.code: HTTPStatus.REQUEST_TIMEOUT,
    "precondition_failed": HTTPStatus.PRECONDITION_FAILED,
    "precondition_required": HTTPStatus.PRECONDITION_REQUIRED,
    "rate_limited": HTTPStatus.TOO_MANY_REQUESTS,
}
_HEADERS: Final = {"www_authenticate": "www-authenticate", "retry_after": "retry-after"}
"""Facts of an error that a caller is told as a header."""


def status_of(error: HirehubError) -> HTTPStatus:
    """The status that a caller is told for an error."""
    codes = (getattr(kind, "code", "") for kind in type(error).__mro__)
    return next((_BY_CODE[code] for code in codes if code in _BY_CODE), _STATUS[error.kind])


def problem_of(error: HirehubError) -> Response:
    """The document of an error."""
    status = status_of(error)
    if error.kind is Kind.BROKEN:
        return broken()
    headers = {}
    if error.kind in _RETRY_SECONDS:
        headers["retry-after"] = _RETRY_SECONDS[error.kind]
    if status is HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    headers |= {name: str(error.facts[fact]) for fact, name in _HEADERS.items() if fact in error.facts}
    more = {"hint": error.hint} if error.hint else {}
    return document(status, error.code, error.message, headers, error.facts, **more)


def broken() -> Response:
    """The document of a fault whose cause stays in the log."""
    detail = "Something went wrong here; the log has it under the request's id."
    return document(HTTPStatus.INTERNAL_SERVER_ERROR, "broken", detail)


def problem_of_http(error: HTTPException) -> Response:
    """The document of what the router refused: no such route, a method that is not taken."""
    status = HTTPStatus(error.status_code)
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    return document(status, code, str(error.detail), error.headers)


def document(
    status: HTTPStatus,
    code: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, object] | None = None,
    **more: Any,  # noqa: ANN401 - members of a JSON document
) -> Response:
    """A problem document in the language of the request; `more` are further members, `detail` and `hint` English.

    A catalogue's hint may name facts of the error: `$status`.
    """
    speech = SPEECH.get()
    content = {
        "type": _TYPE + code,
        "title": speech.words.get(f"status.{int(status)}", status.phrase),
        "status": int(status),
        "detail": speech.words.get(code, detail),
        "code": code,
        **more,
        "request_id": REQUEST_ID.get(),
    }
    if speech is not ENGLISH and "hint" in content and code in speech.words:
        content.pop("hint")
        if (hint := speech.words.get(f"{code}.hint")) is not None:
            content["hint"] = Template(hint).safe_substitute(facts or {})
    body = json.dumps(content, ensure_ascii=False).encode()
    told = {"content-language": speech.tag, **(headers or {})}
    return Response(body, int(status), told, CONTENT_TYPE)
