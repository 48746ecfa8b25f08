"""The description of the API (OpenAPI), read."""

from typing import Any, Final

METHODS: Final = {"get", "post", "put", "patch", "delete"}


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every operation by its route."""
    return [
        (f"{method.upper()} {path}", one)
        for path, methods in document["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    ]


def examples_of(document: dict[str, Any], operation: dict[str, Any]) -> list[Any]:
    """The examples of the JSON that is sent."""
    found = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = found.get("$ref", "").rpartition("/")[2]
    examples: list[Any] = document["components"]["schemas"].get(name, found).get("examples", [])
    return examples
