"""The description of the API (OpenAPI), made whole: who may call each route, and each way in which it can be refused.

Both are read off what a route depends on, so that no route can forget them. A route says what only it knows: in its
docstring what it does (the first clause becomes the summary), in `responses` a refusal of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from hirehub.kernel.auth.dependencies import Required, caller, caller_or_nobody
from hirehub.kernel.http.etags import versions
from hirehub.kernel.http.limits import limits

ABOUT: Final = """
A hiring platform over HTTP: accounts and companies, posts, resumes, applications, matches, notifications.

* **Tokens**: `POST /api/v1/auth/log-in` gives an `access_token`; send it as `Authorization: Bearer TOKEN`. Each route
  says who may call it.
* **Failures** are problem documents (RFC 9457) with a `code` for machines and a `detail` and `hint` for people, in
  Korean for `Accept-Language: ko`, in English else.
* **Lists** come as `{items, next_cursor}`; send `next_cursor` back as `cursor` for the next page.
* **Sending again**: a POST that creates takes an `Idempotency-Key` and creates once.
* **Changing** what others may change too: send the `ETag` with which it was read as `If-Match`.
* Times are RFC 3339 with a zone. Fields that a body does not know are refused.
"""

_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {**_TEXT, "description": "A name of the problem."},
        "title": {**_TEXT, "description": "The words of the status."},
        "status": {"type": "integer"},
        "detail": {**_TEXT, "description": "What happened, for people."},
        "code": {**_TEXT, "description": "What happened, for machines."},
        "hint": {**_TEXT, "description": "What to do next."},
        "errors": {
            "type": "array",
            "description": "The fields that cannot be accepted.",
            "items": {
                "type": "object",
                "required": ["pointer", "rule", "message"],
                "properties": {
                    "pointer": {**_TEXT, "description": "Where: `/body/FIELD`, `/query/NAME`."},
                    "rule": _TEXT,
                    "message": _TEXT,
                },
            },
        },
        "request_id": {
            **_TEXT,
            "description": "Name it when you ask for help. There is none where the head was refused.",
        },
    },
}
_WAIT: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": _TEXT}}
_CHALLENGE: Final = {"WWW-Authenticate": {"description": "What is missing.", "schema": _TEXT}}
_REFUSALS: Final[Mapping[int, tuple[str, str, Mapping[str, object]]]] = {
    400: ("Malformed", "The request cannot be read.", {}),
    401: ("Unauthenticated", "There is no token, or it is not taken any more.", _CHALLENGE),
    403: ("Forbidden", "The caller may not do this.", {}),
    404: ("Missing", "It is not there, or not for the caller to see.", {}),
    408: ("TooSlow", "The body did not arrive in time.", {}),
    409: ("Conflict", "Its state does not allow this, or somebody else is at it.", {}),
    412: ("Changed", "It was changed since it was read: read it again.", {}),
    413: ("TooLarge", "The body, or a file in it, is too large.", {}),
    422: ("Invalid", "Something that was sent cannot be accepted.", {}),
    428: ("PreconditionRequired", "If-Match is missing.", {}),
    429: ("TooOften", "This was tried too often.", _WAIT),
    431: ("HeadTooLarge", "The address and the headers are too long together.", {}),
    500: ("Broken", "A fault of ours; the log has it under the request's id.", {}),
    503: ("Unavailable", "Something that is needed does not answer now.", _WAIT),
}
_SCHEME: Final = "An access token of `/api/v1/auth/log-in`. Roles are types of users; `service` is one of our services."
_ENDS: Final = (". ", "; ", ": ", ".\n")


def describe(api: FastAPI) -> None:
    """Has the application describe itself so."""
    api.description = ABOUT
    plain = api.openapi

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _whole(api, plain())
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # the framework's own way


def _whole(api: FastAPI, described: dict[str, Any]) -> dict[str, Any]:
    parts = described.setdefault("components", {})
    for route in iter_route_contexts(api.routes):
        for method in route.methods or ():
            operation = described["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, route)
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parts["responses"] = {
        name: {"description": words, "content": content, **({"headers": headers} if headers else {})}
        for name, words, headers in _REFUSALS.values()
    }
    for scheme in parts.get("securitySchemes", {}).values():
        scheme["description"] = _SCHEME
    _forget_defaults(described)
    return described


def _complete(operation: dict[str, Any], route: RouteContext) -> None:
    """Puts summary, callers and refusals into an operation."""
    calls = list(_calls(route.dependant))
    text = str(operation.get("description", ""))
    operation["summary"] = route.summary or _first_clause(text)
    who, security = _callers(calls)
    operation["description"] = f"{text}\n\n**Who may call it:** {who}"
    if security:
        operation["security"] = security
    refusals = _refusals(operation, calls)
    told = {status: answer for status, answer in operation["responses"].items() if not status.startswith(("4", "5"))}
    own = {int(status) for status in operation["responses"].keys() - told.keys() if status.isdigit()}
    named = {
        str(status): {"$ref": f"#/components/responses/{_REFUSALS[status][0]}"} for status in sorted(refusals | own)
    }
    operation["responses"] = told | named


def _calls(dependant: Dependant) -> Iterator[object]:
    """Everything that a route depends on."""
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def _callers(calls: list[object]) -> tuple[str, list[dict[str, list[str]]]]:
    """Who may call, in words and for machines."""
    for call in calls:
        if isinstance(call, Required):
            return f"{call.words}.", [{"token": [str(role)]} for role in call.roles]
    if caller_or_nobody in calls:
        return "anybody; a token may show more.", [{}, {"token": []}]
    if caller in calls:
        return "anybody with a token, as far as it is said above.", [{"token": []}]
    return "anybody, without a token.", []


def _refusals(operation: Mapping[str, Any], calls: list[object]) -> set[int]:
    """The statuses with which an operation may be refused."""
    found = {409, 431, 500, 503}
    parameters = operation.get("parameters", ())
    known = caller in calls or caller_or_nobody in calls
    if known:
        found |= {401, 403}
    if "requestBody" in operation:
        found |= {400, 408, 413, 422} | ({404} if known else set())
    if any(one["in"] == "path" for one in parameters):
        found.add(404)
    if parameters:
        found.add(422)
    if versions in calls:
        found |= {412, 428}
    if limits in calls:
        found.add(429)
    return found


def _first_clause(text: str) -> str:
    """The text up to the first end of a clause."""
    cut = min((text.index(end) for end in _ENDS if end in text), default=len(text))
    return text[:cut].rstrip(".")


def _forget_defaults(described: dict[str, Any]) -> None:
    """Takes defaults out of bodies that change something: a field that is left out stays as it is."""
    for methods in described["paths"].values():
        body = methods.get("patch", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        name = body.get("schema", {}).get("$ref", "").rpartition("/")[2]
        for field in described["components"]["schemas"].get(name, {}).get("properties", {}).values():
            field.pop("default", None)
