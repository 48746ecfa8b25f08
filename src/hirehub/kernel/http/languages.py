"""The language of a problem document: the caller's, as far as there are words for it; English else.

Errors are written in English where they are raised. Other languages are catalogues by code, for a code says what
happened and its message may be put together anew each time. The words of a request are set by the edge.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

Catalogue = Mapping[str, str]
"""Texts by code; `CODE.hint` the next step, `status.404` a title, `rule.NAME` what is wrong with a field."""

_MOST: Final = 12


@dataclass(frozen=True)
class Speech:
    """A language and its words."""

    tag: str = "en"
    words: Catalogue = field(default_factory=dict)


ENGLISH: Final = Speech()
SPEECH: ContextVar[Speech] = ContextVar("speech", default=ENGLISH)


class Languages:
    """The languages of a process."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._known = {"en": ENGLISH, **{tag: Speech(tag, words) for tag, words in catalogues.items()}}

    def choose(self, accepted: str) -> Speech:
        """The best of what an Accept-Language header lists (RFC 9110); English for what cannot be read."""
        best, weight = ENGLISH, 0.0
        for entry in accepted.split(",")[:_MOST]:
            tag, _, parameter = entry.partition(";")
            speech = self._known.get(tag.strip().lower().partition("-")[0])
            wanted = _weight(parameter)
            if speech is not None and wanted > weight:
                best, weight = speech, wanted
        return best


def _weight(parameter: str) -> float:
    """The weight of an entry: 1 where none is stated, 0 where it is no number between 0 and 1."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        found = float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1 else 0.0
