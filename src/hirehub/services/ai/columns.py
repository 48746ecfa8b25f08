"""Which column of a file fills which field: by the published names, or by a mapping in TOML.

A mapping names what differs and nothing else; what it leaves out is matched by the published names.

    domain = "candidate"
    [columns]
    name = "Position"
    skills = { column = "Keywords", split = "," }
    experience_years = { column = "Experience Years", round = "down" }
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from hirehub.kernel.errors import Invalid, Missing
from hirehub.services.ai.shape import SHAPES, Field, Shape

_PRESETS = files("hirehub.services.ai") / "presets"


class BadMapping(Invalid):
    """A mapping that cannot be read, or that names what does not exist."""

    code = "bad_mapping"


class UnknownPreset(Missing):
    """A preset that is not shipped, and no file either."""

    code = "unknown_preset"


class ColumnsMissing(Invalid):
    """A file without a column that a row needs."""

    code = "columns_missing"


@dataclass(frozen=True)
class Rule:
    """How a column becomes a field. `split` cuts one text into many."""

    column: str | None = None
    round: Literal["down"] | None = None
    split: str | None = None


@dataclass(frozen=True)
class Columns:
    """A mapping: rules by field. The empty one matches by the published names alone."""

    name: str = ""
    domain: str | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The same in plain values, for the child process and for the key of the cache."""
        return {"domain": self.domain, "columns": {name: vars(rule) for name, rule in sorted(self.rules.items())}}


@dataclass(frozen=True)
class Match:
    """A field, the column that fills it, and how."""

    field: Field
    column: str
    rule: Rule


def presets() -> list[str]:
    """The names of the shipped mappings."""
    return sorted(entry.name.removesuffix(".toml") for entry in _PRESETS.iterdir() if entry.name.endswith(".toml"))


def load_columns(name: str) -> Columns:
    """A shipped preset by its name, or the mapping in a TOML file; UnknownPreset or BadMapping otherwise."""
    if name in presets():
        return parse_columns(name, tomllib.loads((_PRESETS / f"{name}.toml").read_text("utf-8")))
    path = Path(name)
    if not path.is_file():
        shipped = ", ".join(presets())
        raise UnknownPreset(f"there is no mapping {name!r}", hint=f"Name a TOML file, or a preset: {shipped}.")
    try:
        return parse_columns(path.name, tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadMapping(f"{path.name} is no TOML: {error}", hint="Correct it, then try again.") from None


def parse_columns(name: str, document: Mapping[str, Any]) -> Columns:
    """The mapping in a parsed document; BadMapping names what it cannot hold."""
    domain = document.get("domain")
    if domain is not None and domain not in SHAPES:
        raise BadMapping(f"{name}: there is no domain {domain!r}", hint="Use recruit or candidate.")
    known = {field.name for shape in SHAPES.values() if domain in {None, shape.domain} for field in shape.fields}
    columns = document.get("columns", {})
    if not isinstance(columns, Mapping) or set(document) - {"domain", "columns"}:
        raise BadMapping(f"{name}: only `domain` and the table `columns` are read", hint="Move the rest there.")
    rules = {}
    for key, value in columns.items():
        if key not in known:
            raise BadMapping(f"{name}: no row has a field {key!r}", hint=f"Fields: {', '.join(sorted(known))}.")
        rules[key] = _rule(name, key, value)
    return Columns(name, domain, rules)


def _rule(name: str, key: str, value: object) -> Rule:
    if isinstance(value, str):
        return Rule(column=value)
    if not isinstance(value, Mapping) or set(value) - {"column", "round", "split"}:
        raise BadMapping(f"{name}: {key} is no column's name, nor a table of column, round, split", hint="Mend it.")
    column, rounding, split = (value.get(word) for word in ("column", "round", "split"))
    texts = all(word is None or (isinstance(word, str) and word) for word in (column, split))
    if rounding not in {None, "down"} or not texts:
        raise BadMapping(f'{name}: {key} may say round = "down" or split = "," and nothing else', hint="Mend it.")
    return Rule(column, rounding, split)


def match(shape: Shape, mapping: Columns, columns: Sequence[str]) -> tuple[Match, ...]:
    """The column of each field that has one. ColumnsMissing when a needed one is not there, or two fit alike."""
    if mapping.domain not in {None, shape.domain}:
        raise BadMapping(
            f"the mapping {mapping.name} is for {mapping.domain}, the file holds {shape.domain} rows",
            hint="Name the domain that it belongs to.",
        )
    found, lacking = [], []
    for wanted in shape.fields:
        rule = mapping.rules.get(wanted.name, Rule())
        names = (rule.column,) if rule.column is not None else (wanted.name, *wanted.columns)
        column = _find(names, columns)
        if column is not None:
            found.append(Match(wanted, column, rule))
        elif wanted.needed or rule.column is not None:
            lacking.append(" or ".join(repr(name) for name in names[:2]))
    if lacking:
        there = ", ".join(name[:60] for name in columns[:30]) or "none"
        raise ColumnsMissing(
            f"no column named {', nor '.join(lacking)}, as {shape.domain} rows need; the file has: {there}",
            hint="Name its columns in a mapping (--columns).",
        )
    return tuple(found)


def _find(names: Sequence[str], columns: Sequence[str]) -> str | None:
    """The column that fits the earliest of the names: exactly, else but for case and punctuation."""
    for name in names:
        fitting = [column for column in columns if column == name]
        fitting = fitting or [column for column in columns if _plain(column) == _plain(name)]
        if len(fitting) > 1:
            shown = " and ".join(repr(column[:60]) for column in fitting[:2])
            raise ColumnsMissing(f"the columns {shown} fit {name!r} alike", hint="Name one in a mapping (--columns).")
        if fitting:
            return fitting[0]
    return None


def _plain(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
