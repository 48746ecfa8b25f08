"""Vectors travel around the GraphQL engine, not through it.

A vector is hundreds of numbers, and the engine lexes, coerces and checks each by itself. So long lists of numbers are
lifted out before: in their place, in a document or in a variable, stands a list with a single marker that says which
lifted list is meant. The schema keeps the plain type [Float!]!, a document stays valid exactly where it was, and one
with another vector in it is the same document, parsed once.

A marker is a number so small that float32 makes it zero, so no vector that means something looks like one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import GraphQLError, Source

LEAST: Final = 16
"""Shorter lists are left to the engine."""
_STEP: Final = 5e-324
_MOST: Final = 1000

Numbers = Sequence[float]

_LIST: Final = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*+"""'  # texts and comments are passed by
    r'|"(?:\\.|[^"\\\n\r])*+"'
    r"|#[^\n\r]*+"
    r"|\bvector[ \t\n\r,\ufeff]*+:[ \t\n\r,\ufeff]*+\[([-+0-9.eE \t\n\r,\ufeff]{32,})\]"
)
_IGNORED: Final = str.maketrans({",": " ", "\ufeff": " "})


@dataclass(frozen=True)
class Lifted:
    """A document with markers in place of its long `vector: [...]`, the lists, and what the caller wrote."""

    text: str
    written: str
    lists: list[Numbers] = field(default_factory=list)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    """Where in `text` each list ended, and how many characters fewer it has there than were written."""

    def told(self, error: GraphQLError) -> GraphQLError:
        """The error with its places in what the caller wrote."""
        if not self.cuts or not error.positions:
            return error
        places = [place + sum(fewer for end, fewer in self.cuts if end <= place) for place in error.positions]
        return GraphQLError(
            error.message,
            source=Source(self.written),
            positions=places,
            path=error.path,
            original_error=error.original_error,
        )


def lift_literals(text: str) -> Lifted:
    """Lifts what is written into the document; equal lists become one, as fields that ask the same are merged."""
    if "vector" not in text or "[" not in text:
        return Lifted(text, text)
    lists: dict[tuple[float, ...], int] = {}
    cuts: list[tuple[int, int]] = []
    fewer = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal fewer
        whole = match.group(0)
        numbers = _numbers(match.group(1)) if match.group(1) is not None else None
        if numbers is None or len(numbers) < LEAST:
            return whole
        place = lists.setdefault(tuple(numbers), len(lists))
        short = f"{whole[: whole.index('[')]}[{_marker(place)}]"
        cuts.append((match.start() - fewer + len(short), len(whole) - len(short)))
        fewer += len(whole) - len(short)
        return short

    return Lifted(_LIST.sub(replace, text), text, list(lists), cuts)


def lift_variables(
    variables: Mapping[str, Any], names: frozenset[str], before: Sequence[Numbers] = ()
) -> tuple[dict[str, Any], list[Numbers]]:
    """The variables with markers for long lists of numbers, and the lists, after those that were lifted `before`.

    `names` are the variables of such a type.
    """
    lists = list(before)
    kept = dict(variables)
    for name in names:
        value = kept.get(name)
        if isinstance(value, list) and len(value) >= LEAST and set(map(type, value)) <= {int, float}:
            kept[name] = [_marker(len(lists))]
            lists.append(value)
    return kept, lists


def lifted(vector: Sequence[float], lists: Sequence[Numbers]) -> Numbers:
    """The numbers that an argument stands for."""
    if len(vector) == 1 and 0 < vector[0] < _MOST * _STEP:
        place = round(vector[0] / _STEP) - 1
        if place < len(lists):
            return lists[place]
    return vector


def _marker(place: int) -> float:
    return (place + 1) * _STEP


def _numbers(text: str) -> Numbers | None:
    """The numbers of a list as the document has them; JSON's grammar of numbers is GraphQL's."""
    try:
        numbers: list[float] = json.loads(f"[{','.join(text.translate(_IGNORED).split())}]")
    except ValueError:
        return None
    return numbers
