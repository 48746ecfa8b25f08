"""The description of the API is one that a stranger can build on: every operation says all that one has to know."""

from typing import Any, Final

import jsonschema_rs

from hirehub.kernel.settings import Settings
from tests.access.document import examples_of, operations
from tests.access.things import situations, stores
from tests.support.whole import whole

ROLES: Final = ("owner", "primary", "admin", "service")


async def test_every_operation_says_all_that_a_stranger_needs(whole_db: Settings, cheap: None) -> None:
    async with whole(whole_db) as here:
        document = here.api.openapi()
    lacking = [(route, *found) for route, one in operations(document) if (found := lacks(document, one))]
    assert lacking == []
    assert [name for name in document["components"]["schemas"] if name.startswith("hirehub__")] == []


def lacks(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """What an operation does not say."""
    wanted = {
        "a summary of one clause": 5 < len(operation.get("summary", "")) <= 120,
        "who may call it": "**Who may call it:** " in operation.get("description", ""),
        "a tag": operation.get("tags"),
        "a name": operation.get("operationId"),
        "what may come of any request": {"431", "500", "503"} <= operation["responses"].keys(),
        "refusals of callers": "security" not in operation or {"401", "403"} <= operation["responses"].keys(),
        "what a good answer holds": all(told(document, one) for one in operation["responses"].items()),
        "a valid example of its body": has_example(document, operation),
    }
    return [words for words, there in wanted.items() if not there]


def told(document: dict[str, Any], answer: tuple[str, dict[str, Any]]) -> bool:
    """Whether an answer says what it means and, but for an empty one, what is in it."""
    status, found = answer
    if "$ref" in found:
        found = document["components"]["responses"][found["$ref"].rpartition("/")[2]]
    schemas = [one.get("schema") for one in found.get("content", {}).values()]
    return bool(found["description"]) and (status == "204" or (bool(schemas) and all(schemas)))


def has_example(document: dict[str, Any], operation: dict[str, Any]) -> bool:
    """Whether the JSON that is sent has an example, and each is of its schema."""
    found = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in found:
        return True
    schema = found["application/json"]["schema"]
    examples = examples_of(document, operation)
    check = jsonschema_rs.validator_for({**schema, "components": document["components"]})
    return bool(examples) and all(check.is_valid(one) for one in examples)


async def test_no_example_is_refused_for_what_it_says(whole_db: Settings, cheap: None) -> None:
    refused, asked = [], 0
    async with whole(whole_db) as here:
        document = here.api.openapi()
        with stores(here) as kept:
            for now in situations(kept, ROLES, alone=True):
                for route, operation in operations(document):
                    method, _, pattern = route.partition(" ")
                    path = pattern.format_map(Anything())
                    for body in examples_of(document, operation):
                        answer = await here.ask(method, path, body, who=now.who, if_match="*")
                        asked += 1
                        if answer.status >= 400 and answer.json["code"] == "invalid":
                            refused.append((route, now.role, answer.json["errors"]))
    assert refused == []
    assert asked > 100


class Anything(dict[str, str]):
    """An id for everything, of nothing."""

    def __missing__(self, key: str) -> str:
        return "0190a5a0-0000-7000-8000-000000000009"
