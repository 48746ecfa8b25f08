"""The skills that the product knows, their names, and what knowing one says about another.

Read once from the data files of this package. A skill is identified by its canonical English name.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from hirehub.kernel.errors import Invalid

Category = Literal["language", "framework", "database", "cloud", "tool", "method", "soft", "domain", "spoken"]
TECHNICAL = frozenset({"language", "framework", "database", "cloud", "tool"})

_DATA = files("hirehub.services.ai.skills") / "data"
_FILES = ("technology.toml", "general.toml", "generated.toml")
_FIELDS = {"ko", "also", "ask", "implies", "case", "near", "not_next", "roles", "common"}
_DEPTH = 3
"""Relations are followed so many steps; farther ones say next to nothing."""


class BadTaxonomy(Invalid):
    """A taxonomy file that contradicts itself."""

    code = "bad_taxonomy"


@dataclass(frozen=True)
class Skill:
    """A skill and how it is written.

    `ko`, `also` and `roles` (people who do it) are looked for in text, `ask` only when it is the whole question.
    `exact` compares the case of spellings of one word, those in `near` want another skill beside them, `not_next` are
    words that make it something else. `common` ones are had by so many that they weigh less in a score.
    """

    name: str
    category: Category
    ko: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    implies: Mapping[str, int] | None = None
    exact: bool = False
    near: frozenset[str] = frozenset()
    not_next: frozenset[str] = frozenset()
    common: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every form that is looked for in text, the canonical name first."""
        return (self.name, *self.also, *self.ko, *self.roles)


class Taxonomy:
    """Skills by name, by any spelling, and by what they imply."""

    def __init__(self, skills: Iterable[Skill], version: str) -> None:
        self.skills: dict[str, Skill] = {}
        self.version = version
        self._spelled: dict[str, str] = {}
        for skill in skills:
            if skill.name in self.skills:
                raise BadTaxonomy(f"the skill {skill.name!r} stands twice", hint="Remove one.")
            self.skills[skill.name] = skill
        for skill in self.skills.values():
            self._enter(skill)
        self._implied = {name: self._closure(name) for name in self.skills}

    def _enter(self, skill: Skill) -> None:
        for target in skill.implies or ():
            if target not in self.skills:
                raise BadTaxonomy(f"{skill.name!r} implies {target!r}, which is no skill", hint="Add it or mend it.")
        for spelling in (*skill.spellings, *skill.ask):
            key = plain(spelling)
            if self._spelled.setdefault(key, skill.name) != skill.name:
                other = self._spelled[key]
                raise BadTaxonomy(f"{spelling!r} is {other!r} and {skill.name!r}", hint="Give it to one of them.")

    def _closure(self, name: str) -> dict[str, Fraction]:
        """What the skill implies, directly or by steps: the best product of percents of each."""
        found: dict[str, Fraction] = {}
        edge = {name: Fraction(1)}
        for _ in range(_DEPTH):
            reached: dict[str, Fraction] = {}
            for source, weight in edge.items():
                for target, percent in (self.skills[source].implies or {}).items():
                    value = weight * percent / 100
                    if target != name and value > max(found.get(target, 0), reached.get(target, 0)):
                        reached[target] = value
            found.update(reached)
            edge = reached
        return found

    def named(self, words: str) -> Skill | None:
        """The skill that these words name as a whole, in any spelling; None when there is none."""
        name = self._spelled.get(plain(words))
        return None if name is None else self.skills[name]

    def implied(self, name: str) -> Mapping[str, Fraction]:
        """What knowing the skill says of others: a share of 1 by name."""
        return self._implied.get(name, {})


def plain(words: str) -> str:
    """A spelling without case, blanks and the signs between words; + and # stay, as C, C++ and C# are three."""
    return "".join(letter for letter in words.casefold() if letter.isalnum() or letter in "+#&") or words


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy of this package. Its version is the hash of its files."""
    digest = hashlib.sha256()
    skills: list[Skill] = []
    for name in _FILES:
        content = (_DATA / name).read_bytes()
        digest.update(name.encode() + b"\0" + content + b"\0")
        skills.extend(parse_skills(name, tomllib.loads(content.decode("utf-8"))))
    return Taxonomy(skills, digest.hexdigest())


def parse_skills(file: str, document: Mapping[str, Any]) -> Iterator[Skill]:
    """The skills of a parsed file; BadTaxonomy names what is not understood."""
    known: dict[str, Category] = {one: one for one in get_args(Category)}
    for word, table in document.items():
        category = known.get(word)
        if category is None:
            raise BadTaxonomy(f"{file}: there is no category {word!r}", hint=f"Use one of: {', '.join(known)}.")
        for name, entry in table.items():
            if unknown := set(entry) - _FIELDS:
                raise BadTaxonomy(f"{file}: {name!r} has the unknown field {min(unknown)!r}", hint="Mend it.")
            near = entry.get("near", [])
            yield Skill(
                name=name,
                category=category,
                ko=tuple(entry.get("ko", ())),
                also=tuple(entry.get("also", ())),
                ask=tuple(entry.get("ask", ())),
                roles=tuple(entry.get("roles", ())),
                implies=dict(entry.get("implies", {})),
                exact=entry.get("case") == "exact",
                near=frozenset([name] if near is True else near),
                not_next=frozenset(entry.get("not_next", ())),
                common=bool(entry.get("common", False)),
            )
