"""Errors as GraphQL shows them: a message for people, `extensions.code` and facts for programs.

An error of the product keeps its own words, or has those of the caller's language where there are any for its code;
what the engine says of a query is English. Anything else is a fault of ours: the caller learns the request's id, and
the log has the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from string import Template
from typing import Any, ClassVar, Final, Self

from graphql import GraphQLError

from hirehub.kernel.errors import HirehubError, Invalid, Kind
from hirehub.kernel.http.languages import SPEECH
from hirehub.kernel.telemetry import REQUEST_ID, get_logger
from hirehub.services.vectors.korean import KOREAN

Shown = dict[str, Any]

_MASKED: Final = "Something went wrong here; the log has it under the request's id."
_MOST: Final = 10
"""Errors that one answer tells: a list of wrong numbers has one for each."""
_LONGEST_MESSAGE: Final = 500
"""The engine's messages quote what was sent, however long that is."""
_BAD_INPUT: Final = "BAD_USER_INPUT"
_log = get_logger(__name__)


class Refused(Invalid):
    """A document that is not run, with the engine's own errors about it."""

    summary: ClassVar[str] = "The document was refused."

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(self.summary)
        self.errors = errors

    @classmethod
    def of(cls, errors: Sequence[GraphQLError]) -> Self:
        """The refusal for these errors."""
        return cls(errors)


class ParseFailed(Refused):
    """A text that is no GraphQL."""

    code = "graphql_parse_failed"
    summary = "The query is not GraphQL."


class ValidationFailed(Refused):
    """A query that does not fit the schema."""

    code = "graphql_validation_failed"
    summary = "The query does not fit the schema."


class BadRequest(Invalid):
    """A request that is no GraphQL request."""

    code = "bad_request"


def shown_failure(error: Exception) -> list[Shown]:
    """The errors of a request that was not run."""
    if isinstance(error, Refused):
        return [_located(one) | {"extensions": {"code": error.code.upper()}} for one in error.errors]
    return [_shown(error)]


def shown_errors(errors: Sequence[GraphQLError], told: Callable[[GraphQLError], GraphQLError]) -> list[Shown]:
    """The errors of a request that was run, each with its place in the answer; `told` puts right that in the query."""
    found = []
    for error in map(told, errors[:_MOST]):
        cause = error.original_error
        while isinstance(cause, GraphQLError):
            cause = cause.original_error
        if cause is None:
            found.append(_located(error) | {"extensions": {"code": _BAD_INPUT}})
        else:
            found.append(_located(error) | _shown(cause))
    return found


def _shown(error: Exception) -> Shown:
    if not isinstance(error, HirehubError) or error.kind is Kind.BROKEN:
        _log.error("graphql_fault", exc_info=error)
        masked, _ = _words("broken", {}) or (_MASKED, None)
        return {"message": masked, "extensions": {"code": "INTERNAL", "requestId": REQUEST_ID.get()}}
    message, hint = _words(error.code, error.facts) or (error.message, error.hint)
    extensions: Shown = {"code": error.code.upper()}
    if hint:
        extensions["hint"] = hint
    return {"message": message, "extensions": extensions | _facts(error.facts)}


def _words(code: str, facts: Mapping[str, object]) -> tuple[str, str | None] | None:
    """What an error and its hint say in the language of the request, our own words before the kernel's; None for none.

    A caller who waits for the same query as somebody else is told of its error in the language of who asked first.
    """
    speech = SPEECH.get()
    for words in (KOREAN if speech.tag == "ko" else {}, speech.words):
        if code in words:
            hint = words.get(f"{code}.hint")
            return words[code], hint and Template(hint).safe_substitute(facts)
    return None


def _facts(facts: Mapping[str, object]) -> Shown:
    """Facts that JSON can hold; `expected` and `actual`, say. What goes into a header stays out."""
    return {
        name: value
        for name, value in facts.items()
        if isinstance(value, int | float | str) and name != "www_authenticate"
    }


def _located(error: GraphQLError) -> Shown:
    message = error.message
    shown: Shown = {"message": message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"}
    if error.locations:
        shown["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path:
        shown["path"] = list(error.path)
    return shown
