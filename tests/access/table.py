"""The table of who may do what, read: one line a route and situation.

How to add a route: write a line into `table.txt`, in the section of its service. Method, path as the OpenAPI has it,
the eight statuses in the order of `ROLES`, and the JSON body where one is sent. An id in braces may say which one it
is: `{match_id:owner}`. Where `things.py` does not know how to make such an id, add a function of a few lines there.
A route may have several lines: one for each state of a thing, or for each body, that is answered differently.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROLES: Final = ("anonymous", "other", "owner", "stranger", "member", "primary", "admin", "service")

_FILE: Final = Path(__file__).with_name("table.txt")
_LINE: Final = re.compile(
    r"(?P<method>[A-Z]+) +(?P<path>/\S*)(?P<statuses>(?: +[1-5]\d\d){8})(?: +(?P<body>\S.*))?", re.ASCII
)
_THING: Final = re.compile(r"\{([a-z_]+)(?::([a-z_]+))?\}")


@dataclass(frozen=True)
class Line:
    """A route in one situation, and the status for each role."""

    number: int
    service: str
    method: str
    path: str
    expected: dict[str, int]
    body: str

    @property
    def route(self) -> str:
        """The route as the OpenAPI names it."""
        path = _THING.sub(r"{\1}", self.path.partition("?")[0])
        return f"{self.method} {path}"

    @property
    def said(self) -> dict[str, str]:
        """What is said of the things of the line."""
        return {name: said for name, said in _THING.findall(f"{self.path} {self.body}") if said}


def table(text: str | None = None) -> list[Line]:
    """The lines of the table; ValueError for one that cannot be read."""
    found: list[Line] = []
    service = ""
    for number, line in enumerate((text or _FILE.read_text("utf-8")).splitlines(), start=1):
        if line.startswith("## "):
            service = line[3:].partition(":")[0]
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise ValueError(f"line {number} of the table cannot be read: {line}")
        statuses = [int(word) for word in match["statuses"].split()]
        expected = dict(zip(ROLES, statuses, strict=True))
        found.append(Line(number, service, match["method"], match["path"], expected, match["body"] or ""))
    return found


def filled(pattern: str, make: Callable[[str, str], str]) -> str:
    """A path or a body with its things made: `make` gets the name of each, and what is said of it."""
    return _THING.sub(lambda found: make(found[1], found[2] or ""), pattern)
