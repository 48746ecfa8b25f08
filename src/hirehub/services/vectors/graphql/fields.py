"""One text for a reader of the code and of the schema: docstrings become the schema's descriptions."""

import inspect
from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField


def field(resolver: Callable[..., Any]) -> StrawberryField:
    """A field whose description is its resolver's docstring."""
    return strawberry.field(resolver, description=inspect.getdoc(resolver))


def described(kind: type) -> type:
    """Gives a type, input or enum of the schema its docstring as description."""
    definition = getattr(kind, "__strawberry_definition__", None)
    if definition is not None and definition.description is None and "__doc__" in vars(kind):
        definition.description = inspect.getdoc(kind)
    return kind
