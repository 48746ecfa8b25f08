"""A request's GraphQL part: from its parsed body to the bytes of its answer.

What an answer may be kept under is known once its document is; whether it may be kept at all, once it is computed: only
one without errors.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Final

from graphql import ExecutionResult, execute

from hirehub.services.vectors.graphql.context import Context
from hirehub.services.vectors.graphql.documents import Documents, Prepared
from hirehub.services.vectors.graphql.errors import BadRequest, Refused, Shown, shown_errors, shown_failure
from hirehub.services.vectors.graphql.lifting import Lifted, lift_literals, lift_variables
from hirehub.services.vectors.graphql.limits import Costs, Limits, check_cost
from hirehub.services.vectors.graphql.schema import core, scope_of, touched
from hirehub.services.vectors.settings import ApiSettings
from hirehub.services.vectors.usecases.browse import Browser
from hirehub.services.vectors.usecases.search import Searcher

_HINT: Final = 'Send {"query": "...", "variables": {...}, "operationName": "..."} as JSON.'


@dataclass(frozen=True)
class Operation:
    """A request that may be run. `scope` is the name under which its answer may be kept, None for none; `touched` is
    what its root fields are about.
    """

    prepared: Prepared
    lifted: Lifted
    variables: Mapping[str, Any]
    name: str | None
    scope: str | None
    touched: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """The body of an answer. `sound`: it has no errors. `refused`: nothing was run. `malformed`: it was no request."""

    body: bytes
    sound: bool = False
    refused: bool = False
    malformed: bool = False


class Engine:
    """Runs operations over the use cases."""

    def __init__(self, searcher: Searcher, browser: Browser, settings: ApiSettings) -> None:
        self._searcher = searcher
        self._browser = browser
        self._core = core()
        self._cost = settings.cost
        self._costs = Costs(self._core)
        limits = Limits(depth=settings.depth, aliases=settings.aliases)
        self.documents = Documents(self._core, limits)

    def prepare(self, body: bytes) -> Operation:
        """Reads and checks a request; raises BadRequest, Refused or a limit's error."""
        request = _request(body)
        lifted = lift_literals(request["query"])
        try:
            prepared = self.documents.prepare(lifted.text)
        except Refused as refused:
            raise refused.of([lifted.told(error) for error in refused.errors]) from None
        variables, name = request["variables"], request["operationName"]
        planned = prepared.planned(name)
        check_cost(self._costs.of(planned.roots, planned.counted, variables), self._cost)
        return Operation(prepared, lifted, variables, name, scope_of(planned.roots), touched(planned.roots))

    async def run(self, operation: Operation) -> Answer:
        """The answer of an operation, with the errors of its fields in it."""
        float_lists = operation.prepared.planned(operation.name).float_lists
        variables, lists = lift_variables(operation.variables, float_lists, operation.lifted.lists)
        result = execute(
            self._core,
            operation.prepared.document,
            context_value=Context(self._searcher, self._browser, lists),
            variable_values=variables,
            operation_name=operation.name,
        )
        done = await result if isawaitable(result) else result
        if not isinstance(done, ExecutionResult):
            raise TypeError(f"the engine answered with {type(done).__name__}")
        if done.errors:
            return Answer(_json({"data": done.data, "errors": shown_errors(done.errors, operation.lifted.told)}))
        return Answer(_json({"data": done.data}), sound=True)


def refusal(error: Exception) -> Answer:
    """The answer to a request that was not run."""
    errors: list[Shown] = shown_failure(error)
    return Answer(_json({"errors": errors}), refused=True, malformed=isinstance(error, BadRequest))


def _request(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("The body is no JSON.", hint=_HINT) from None
    if not isinstance(found, dict):
        raise BadRequest("The body holds no single request.", hint=_HINT)
    query, variables, name = found.get("query"), found.get("variables"), found.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise BadRequest("The body has no query.", hint=_HINT)
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest("`variables` is no object.", hint=_HINT)
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` is no text.", hint=_HINT)
    return {"query": query, "variables": variables or {}, "operationName": name}


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
