"""Requests made up from the OpenAPI, good ones and bad ones, as every kind of user: what comes back is as described.

No answer is a fault of ours, has a status, a content type or a header that its route does not name, or a body that is
not of its schema. A good part of the requests are about things that are there. `TORTURE=full` makes up many more.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hirehub.kernel.settings import Settings
from tests.access.things import THINGS, Situation, Stores, situations, stores
from tests.support.whole import whole

Case = schemathesis.Case[Any]
Cases = st.SearchStrategy[Case]
Operation = APIOperation[Any, Any, Any, Any]

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
SAID: Final = {"interview_id": "reviewing", "job_id": "open", "application_id": "reviewing", "user_id": "member"}
"""Which thing is meant where several could be; those of the owner else."""


async def test_every_answer_to_any_request_is_as_the_openapi_says(whole_db: Settings, cheap: None) -> None:
    async with whole(whole_db) as here:
        with stores(here) as kept:
            schema = schemathesis.openapi.from_dict(here.api.openapi())
            wrong = await asyncio.to_thread(lambda: list(failures(schema, kept, here.http.url)))
    assert not wrong, "\n\n".join(wrong)


def failures(schema: Any, kept: Stores, url: str) -> Iterator[str]:
    """What was not as it is described, in words."""
    with requests.Session() as session:
        for found in schema.get_all_operations():
            operation = found.ok()
            made_up = st.one_of(operation.as_strategy(), operation.as_strategy(GenerationMode.NEGATIVE))
            for now in situations(kept, ROLES, alone=True):
                yield from failures_as(now, operation, made_up, partial(sent, url=url, session=session, now=now))


def failures_as(
    now: Situation,
    operation: Operation,
    made_up: Cases,
    send: Callable[[Case], None],
) -> Iterator[str]:
    """The same for one operation, asked by one role; half of the requests are about things that are there."""
    known: dict[str, str] = {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=made_up, there=st.booleans())
    def walk(case: Case, there: bool) -> None:
        if there:
            for place in (case.path_parameters, case.query, case.body):
                if not isinstance(place, dict):
                    continue
                for name in place.keys() & THINGS.keys():
                    known[name] = known.get(name) or now.make(name, SAID.get(name, "owner"))
                    place[name] = known[name]
        send(case)

    try:
        walk()
    except (Failure, FailureGroup) as error:
        yield f"{operation.label} as {now.role}: {error}"


def sent(case: Case, *, url: str, session: requests.Session, now: Situation) -> None:
    """Sends a request as somebody, and checks the answer."""
    case.call_and_validate(url, session, headers=now.who.headers, checks=CHECKS)
