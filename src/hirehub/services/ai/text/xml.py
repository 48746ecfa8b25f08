"""Walks through XML without building a tree: no document types, hence no entities; depth and size are bounded."""

from collections.abc import Callable
from typing import Final, TypeAlias
from xml.parsers import expat

from hirehub.services.ai.text.errors import damaged, too_large
from hirehub.services.ai.text.limits import Limits

Start: TypeAlias = Callable[[str, dict[str, str]], None]
"""Called with the local name of an element that begins, and its attributes by local name."""
End: TypeAlias = Callable[[str], None]
Characters: TypeAlias = Callable[[str], None]
_SEPARATOR: Final = "}"


def walk(data: bytes, limits: Limits, start: Start, end: End, characters: Characters) -> None:
    """Calls back for each element and text; DamagedDocument for what is no XML or names a document type."""
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    depth = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.depth:
            raise too_large(f"elements nested deeper than {limits.depth}")
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def finish(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(_local(name))

    def refuse(*_parts: object) -> None:
        raise damaged("it defines a document type")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged(f"a part is no XML ({type(error).__name__})") from None


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]
