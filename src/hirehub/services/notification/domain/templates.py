"""Templates: text with `{{name}}`, and `{% if name %}` around what needs a value that may be missing. Nothing else.

They are Jinja's, in its sandbox, and held to a list of what may stand in them before they are compiled: no attribute,
call, filter or loop, so that what a template can do and how long it takes is bounded by its size. A name that is not
the event's, and one whose value is missing, are errors and never an empty hole.

The text is plain in every channel, so nothing is escaped here: it would show. `as_html` escapes where a page is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import category
from uuid import UUID

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from hirehub.kernel.errors import Broken, Invalid, Missing

MOST_SOURCE: Final = 10_000
MOST_VALUE: Final = 4_000
MOST_TITLE: Final = 200
MOST_TEXT: Final = 20_000
_DEEPEST: Final = 12
_NO_TEXT: Final = ("Cc", "Cs")

_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


class TemplateRefused(Invalid):
    """A template that cannot be read, is too large, or does what a template may not."""

    code = "template_refused"


class TemplateValueMissing(Broken):
    """A template names a value that is not there."""

    code = "template_value_missing"


class NoSuchTemplate(Missing):
    """There is no such template."""

    code = "no_such_template"


class _Absent(StrictUndefined):
    """A value that is known and not there: false in a condition, an error where it would be written."""

    def __bool__(self) -> bool:  # type: ignore[override]  # its parent never answers
        return False


@dataclass(frozen=True)
class Source:
    """A template as it is stored. Of several for one event, channel and language the highest priority goes first."""

    id: UUID
    name: str
    priority: int
    subject: str
    body: str


@dataclass(frozen=True)
class Written:
    """What a person reads."""

    template_id: UUID
    title: str
    content: str


_ENVIRONMENT: Final = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # the text is plain, see above
    cache_size=0,
)
_ENVIRONMENT.globals.clear()


def write(sources: Sequence[Source], values: Mapping[str, str | bool | None]) -> Written:
    """What the first template says whose values are all there.

    TemplateValueMissing with the last one's name where there is none, TemplateRefused for one that cannot be read.
    """
    missing = TemplateValueMissing("There is no template.", hint="Make one active again.")
    for source in sources:
        try:
            title = " ".join(_render(source, "subject_template", source.subject, values).split())
            content = _render(source, "body_template", source.body, values).strip()
        except TemplateValueMissing as error:
            missing = error
            continue
        return Written(source.id, _cut(title, MOST_TITLE), _cut(content, MOST_TEXT))
    raise missing


def check(source: Source, samples: Mapping[str, str | bool | None], least: Mapping[str, str | bool | None]) -> None:
    """Refuses what could not be written: with every value there, and at the lowest priority with the sure ones only."""
    try:
        write([source], samples)
        if source.priority == 0:
            write([source], least)
    except TemplateValueMissing as error:
        raise TemplateRefused(error.message, hint=error.hint) from None


def as_html(text: str) -> str:
    """A text as a page shows it: whatever was markup in it is text."""
    return str(escape(text)).replace("\n", "<br>\n")


def _render(source: Source, field: str, text: str, values: Mapping[str, str | bool | None]) -> str:
    given = {name: _Absent(name=name) if value is None else _shown(value) for name, value in values.items()}
    where = f"{field} of the template {source.name}"
    try:
        return _compiled(text).render(given)
    except UndefinedError as error:
        name = str(error).partition(" is ")[0].strip("'")[:100]
        raise TemplateValueMissing(
            f"The {where} names {name}, which has no value.",
            hint=f"Write {{% if {name} %}} ... {{% endif %}} around it, or name one of: {', '.join(sorted(values))}.",
        ) from None
    except TemplateRefused as error:
        raise TemplateRefused(f"The {where} is refused: {error.message}", hint=error.hint) from None


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    """The template, once all in it is allowed. A backslash with an n is a line break, as in the reference."""
    if len(text) > MOST_SOURCE:
        raise TemplateRefused(f"It has more than {MOST_SOURCE} characters.", hint="Say it in fewer words.")
    try:
        parsed = _ENVIRONMENT.parse(text.replace("\\n", "\n"))
        _check_nodes(parsed, 0)
        return _ENVIRONMENT.from_string(parsed)
    except TemplateRefused:
        raise
    except (TemplateError, SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
        raise TemplateRefused("It cannot be read.", hint="Use {{name}} and {% if name %} ... {% endif %}.") from None


def _check_nodes(node: nodes.Node, depth: int) -> None:
    if not isinstance(node, _ALLOWED) or depth > _DEEPEST:
        raise TemplateRefused(
            f"It has a {type(node).__name__}, or too much within each other.",
            hint="Use {{name}} and {% if name %} ... {% endif %}, nothing else.",
        )
    for below in node.iter_child_nodes():
        _check_nodes(below, depth + 1)


def _shown(value: str | bool) -> str | bool:
    """The value without what no text may hold: control characters but line breaks, and halves of characters."""
    if isinstance(value, bool):
        return value
    return _cut("".join(one for one in value if one == "\n" or category(one) not in _NO_TEXT), MOST_VALUE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
