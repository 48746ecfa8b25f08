"""Requests made up from the OpenAPI, good ones and bad ones, as every kind of user: what comes back is as described.

No answer is a fault of ours, has a status, a content type or a header that its route does not name, or a body that is
not of its schema. A good part of the requests are about things that are there. `TORTURE=full` makes up many more.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hirehub.kernel.settings import Settings
from tests.access.document import examples_of, operations
from tests.access.table import table
from tests.access.things import THINGS, Situation, Stores, situations, stores
from tests.support.whole import whole

Case = schemathesis.Case[Any]
Cases = st.SearchStrategy[Case]

ROLES: Final = ("owner", "primary", "admin", "service")
EXAMPLES: Final = 100 if os.environ.get("TORTURE") == "full" else 3
"""Of each operation and role."""
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SAID: Final = {line.route: line.said for line in reversed(table())}
"""Which thing is meant on a route: the one of its first line in the table."""
USUAL: Final = {"interview_id": "reviewing", "job_id": "open", "application_id": "reviewing"}
"""Those that are meant elsewhere; the owner's else."""


async def test_every_answer_to_any_request_is_as_the_openapi_says(whole_db: Settings, cheap: None) -> None:
    async with whole(whole_db) as here:
        with stores(here) as kept:
            wrong = await asyncio.to_thread(lambda: list(failures(here.api.openapi(), kept, here.http.url)))
    assert not wrong, "\n\n".join(wrong)


def failures(document: dict[str, Any], kept: Stores, url: str) -> Iterator[str]:
    """What was not as it is described, in words."""
    examples = {route: examples_of(document, one) for route, one in operations(document)}
    with requests.Session() as session:
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            made_up = st.one_of(operation.as_strategy(), operation.as_strategy(GenerationMode.NEGATIVE))
            for now in situations(kept, ROLES, alone=True):
                send = partial(sent, url=url, session=session, now=now)
                for error in failures_as(now, operation.label, examples[operation.label], made_up, send):
                    yield f"{operation.label} as {now.role}: {error}"


def failures_as(
    now: Situation, route: str, examples: Sequence[Any], made_up: Cases, send: Callable[[Case], None]
) -> Iterator[BaseException]:
    """The same of one operation, asked by one role; the first request is a good one about things that are there."""

    said = {**USUAL, **SAID.get(route, {})}

    @cache
    def thing(name: str) -> str:
        return now.make(name, said.get(name, "owner"))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made_up, how=st.sampled_from(("as the example", "about what is there", "about anything")))
    def walk(case: Case, how: str) -> None:
        if how == "as the example":
            case.body = dict(examples[0]) if examples else case.body
            case.headers["If-Match"] = "*"
        if how != "about anything":
            for place in (case.path_parameters, case.query, case.body):
                if isinstance(place, dict):
                    place.update({name: thing(name) for name in place.keys() & THINGS.keys()})
        send(case)

    try:
        walk()
    except (Failure, FailureGroup) as error:
        yield error


def sent(case: Case, *, url: str, session: requests.Session, now: Situation) -> None:
    """Sends a request as somebody, and checks the answer."""
    case.call_and_validate(url, session, headers=now.who.headers, checks=CHECKS)
