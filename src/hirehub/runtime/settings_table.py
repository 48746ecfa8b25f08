"""Every setting of the kernel and of each service as one table: name, value, where the value came from, meaning.

The same table is what `hirehub settings` prints, what the reference page is made of, and what a misspelt variable is
held against.
"""

import difflib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from hirehub.kernel.module import Module, resolve
from hirehub.kernel.settings import ENV_FILE, Settings, SettingsGroup, env_file_named, load
from hirehub.runtime.modules import MODULES

PREFIX = "HIREHUB_"
MASK = "********"


class Source(StrEnum):
    """Where a value came from."""

    ENVIRONMENT = "environment"
    FILE = ".env file"
    DEFAULT = "default"


@dataclass(frozen=True)
class Setting:
    """One setting as it is now; a secret's value is masked."""

    name: str
    value: str
    source: Source
    default: str
    kind: str
    doc: str


def groups(modules: Sequence[Module] = MODULES) -> tuple[tuple[str, type[SettingsGroup]], ...]:
    """The settings classes: the kernel's first, then each service's."""
    return (("kernel", Settings), *((module.name, resolve(module.settings)) for module in modules))


def settings_table(modules: Sequence[Module] = MODULES) -> list[Setting]:
    """Every setting with its present value; raises InvalidSettings where one cannot be used."""
    file = _env_file()
    found = []
    for _, kind in groups(modules):
        values = load(kind)
        for path, field, value in _fields(kind, values):
            found.append(_setting(_prefix(kind), path, field, value, file))
    return found


def reference(modules: Sequence[Module] = MODULES) -> str:
    """The settings as a Markdown page: names, kinds, defaults and meanings, nothing of this machine."""
    lines = ["| setting | kind | default | meaning |", "|---|---|---|---|"]
    for _, kind in groups(modules):
        for path, field, _ in _fields(kind, None):
            default = "" if field.default_factory else _shown(_default(field))
            row = (
                f"`{_name(_prefix(kind), path)}`",
                f"`{_kind(field)}`",
                f"`{default}`" if default else "",
                _doc(field),
            )
            lines.append("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")
    return "\n".join(lines) + "\n"


def misspelt(modules: Sequence[Module] = MODULES) -> list[tuple[str, str]]:
    """Variables that begin with the product's prefix and set nothing, each with the nearest setting, if any is near."""
    known = {_name(_prefix(kind), path) for _, kind in groups(modules) for path, _, _ in _fields(kind, None)}
    whole = known | {name.rsplit("__", cut)[0] for name in known for cut in range(1, name.count("__") + 1)}
    whole |= {
        _name(_prefix(kind), path[:depth])
        for _, kind in groups(modules)
        for path, _, _ in _fields(kind, None)
        for depth in (1, 2)
    }
    names = {name.upper() for name in (*os.environ, *_env_file()) if name.upper().startswith(PREFIX)}
    open_groups = tuple(
        f"{_name(_prefix(kind), path)}__"
        for _, kind in groups(modules)
        for path, field, _ in _fields(kind, None)
        if get_origin(field.annotation) is dict
    )
    strange = sorted(name for name in names - whole if not name.startswith(open_groups))
    return [(name, next(iter(difflib.get_close_matches(name, known, n=1)), "")) for name in strange]


def _prefix(kind: type[SettingsGroup]) -> str:
    return str(kind.model_config.get("env_prefix", ""))


def _name(prefix: str, path: Sequence[str]) -> str:
    """The variable of a setting."""
    return prefix + "__".join(path).upper()


def _fields(
    kind: type[BaseModel], values: BaseModel | None, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo, Any]]:
    """Every leaf of a settings class with its path; its value where there are values."""
    for name, field in kind.model_fields.items():
        value = getattr(values, name) if values is not None else None
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _fields(inner, value, (*above, name))
        else:
            yield (*above, name), field, value


def _setting(prefix: str, path: Sequence[str], field: FieldInfo, value: object, file: dict[str, str]) -> Setting:
    return Setting(
        name=_name(prefix, path),
        value=_shown(value),
        source=_source(prefix, path, file),
        default=_shown(_default(field)),
        kind=_kind(field),
        doc=_doc(field),
    )


def _source(prefix: str, path: Sequence[str], file: dict[str, str]) -> Source:
    """The variable itself, or one above it that holds a whole group as JSON."""
    candidates = {_name(prefix, path[:depth]) for depth in range(1, len(path) + 1)}
    if candidates & {name.upper() for name in os.environ}:
        return Source.ENVIRONMENT
    if candidates & {name.upper() for name in file}:
        return Source.FILE
    return Source.DEFAULT


def _env_file() -> dict[str, str]:
    """What the `.env` file beside the caller sets."""
    from dotenv import dotenv_values

    if not ENV_FILE.is_file():
        return {}
    with env_file_named():
        return {name: value or "" for name, value in dotenv_values(ENV_FILE).items()}


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True)


def _doc(field: FieldInfo) -> str:
    return field.description or ""


def _kind(field: FieldInfo) -> str:
    """The kind of a setting in words of people."""
    text = str(field.annotation)
    if isinstance(field.annotation, type):
        text = field.annotation.__name__
    if "Literal" in text:
        return " or ".join(str(choice) for choice in getattr(field.annotation, "__args__", ()))
    for found, word in _WORDS:
        if found in text:
            return word
    return text


_WORDS = (
    ("SecretStr", "secret"),
    ("tuple", "words, by commas"),
    ("Path", "path"),
    ("bool", "true or false"),
    ("int", "whole number"),
    ("float", "number"),
    ("str", "text"),
)


def _shown(value: object) -> str:
    """A value as a person would set it; secrets masked."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ",".join(_shown(part) for part in value)
    return str(value)
