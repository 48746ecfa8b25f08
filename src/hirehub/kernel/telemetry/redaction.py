"""Takes secrets out of what is about to be written.

A net under the rule that nobody logs a secret: by the name of a field, and by shapes that only secrets have
(the password inside an address, a bearer token).
"""

import re
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import Any

MASK = "***"
_DEPTH = 4
_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|authori[sz]ation|cookie|api_?key|private_?key|credential", re.IGNORECASE
)
_USERINFO = re.compile(r"(?<=://)([^/\s:@]*):([^/\s]*)@")
_BEARER = re.compile(r"\b(bearer)\s+[\w.~+/=-]{4,}", re.IGNORECASE)
_KEYWORD = re.compile(r"\b(password|passwd|secret|token)=('[^']*'|[^\s&;,'\"]+)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def names_a_secret(name: str) -> bool:
    """Whether a field of that name is likely to hold a secret."""
    return _NAMES.search(name) is not None


def redact_text(text: str) -> str:
    """The text without passwords in addresses, `password=` pairs and bearer tokens."""
    if "://" in text:
        text = _USERINFO.sub(rf"\1:{MASK}@", text)
    if "=" in text:
        text = _KEYWORD.sub(rf"\1={MASK}", text)
    return _BEARER.sub(rf"\1 {MASK}", text) if " " in text else text


def redact(value: Any, name: str = "", depth: int = _DEPTH) -> Any:  # noqa: ANN401 - whatever was logged
    """The value with its secrets masked; numbers, flags and None pass, for a count of tokens is no secret."""
    if value is None or isinstance(value, int | float):
        return value
    if name and names_a_secret(name):
        return MASK
    if isinstance(value, str):
        return redact_text(value)
    if depth and isinstance(value, Mapping):
        return {key: redact(item, str(key), depth - 1) for key, item in value.items()}
    if depth and isinstance(value, list | tuple):
        return [redact(item, "", depth - 1) for item in value]
    return value


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The same as a structlog processor. Most values are numbers or single words, which hold nothing to look for."""
    for name, value in event.items():
        kind = type(value)
        if kind is int or kind is float or value is None:
            continue
        if kind is str and " " not in value and "=" not in value and "://" not in value and not names_a_secret(name):
            continue
        event[name] = redact(value, name)
    return event
