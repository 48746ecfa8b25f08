"""Vectors travel around the GraphQL engine, not through it.

A vector is hundreds of numbers, and the engine lexes, coerces and checks each by itself. So long lists of numbers are
lifted out before: one written into a document becomes a variable, and one in a variable becomes a list with a single
marker that says which lifted list is meant. The schema keeps the plain type [Float!]!, and a document with another
vector in it is the same document, parsed once.

A marker is a number so small that float32 makes it zero, so no vector that means something looks like one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

LEAST: Final = 16
"""Shorter lists are left to the engine."""
VARIABLE: Final = "_lifted"
_STEP: Final = 5e-324
_MOST: Final = 1000

Numbers = Sequence[float]

_LIST: Final = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*+"""'  # texts and comments are passed by
    r'|"(?:\\.|[^"\\\n\r])*+"'
    r"|#[^\n\r]*+"
    r"|\bvector\s*+:\s*+\[([-+0-9.eE,\s]{32,})\]"
)


def lift_literals(text: str) -> tuple[str, list[Numbers]]:
    """The document with each long `vector: [...]` replaced by a variable, and the lists, in order."""
    found: list[Numbers] = []
    if "vector" not in text or "[" not in text:
        return text, found

    def replace(match: re.Match[str]) -> str:
        numbers = _numbers(match.group(1)) if match.group(1) is not None else None
        if numbers is None or len(numbers) < LEAST:
            return match.group(0)
        found.append(numbers)
        return f"vector: ${VARIABLE}{len(found) - 1}"

    return _LIST.sub(replace, text), found


def lift_variables(variables: Mapping[str, Any], names: frozenset[str]) -> tuple[dict[str, Any], list[Numbers]]:
    """The variables with long lists of numbers replaced by markers, and the lists; `names` are those of such a type."""
    lifted: list[Numbers] = []
    kept = dict(variables)
    for name in names:
        value = kept.get(name)
        if isinstance(value, list) and len(value) >= LEAST and set(map(type, value)) <= {int, float}:
            lifted.append(value)
            kept[name] = [len(lifted) * _STEP]
    return kept, lifted


def lifted(vector: Sequence[float], lists: Sequence[Numbers]) -> Numbers:
    """The numbers that an argument stands for."""
    if len(vector) == 1 and 0 < vector[0] < _MOST * _STEP:
        place = round(vector[0] / _STEP) - 1
        if place < len(lists):
            return lists[place]
    return vector


def _numbers(text: str) -> Numbers | None:
    """The numbers of a list as the document has them; JSON's grammar of numbers is GraphQL's."""
    try:
        numbers: list[float] = json.loads(f"[{','.join(text.replace(',', ' ').split())}]")
    except ValueError:
        return None
    return numbers
