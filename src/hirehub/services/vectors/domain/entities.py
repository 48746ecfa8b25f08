"""Recruits and candidates as they are shown: the metadata of a row without its vector."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeAlias
from uuid import UUID

from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT, Domain


@dataclass(frozen=True, slots=True)
class Recruit:
    """A job post."""

    id: UUID
    company_name: str
    exp_years: int
    english_level: str | None
    primary_keyword: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who looks for work."""

    id: UUID
    name: str
    skills: tuple[str, ...]
    experience_years: int
    education_level: str | None
    preferred_location: str | None
    expected_salary: int | None
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "skills", tuple(self.skills or ()))


Entity: TypeAlias = Recruit | Candidate

_CLASSES: Final[Mapping[str, type[Recruit] | type[Candidate]]] = MappingProxyType(
    {RECRUIT.name: Recruit, CANDIDATE.name: Candidate}
)


def entity(domain: Domain, values: tuple[object, ...]) -> Entity:
    """The row out of its values: id, the domain's columns in order, created_at, updated_at."""
    made: Entity = _CLASSES[domain.name](*values)  # type: ignore[arg-type]  # the columns' types are the fields' types
    return made


def columns(domain: Domain) -> tuple[str, ...]:
    """The columns that `entity` takes, in order."""
    return ("id", *(column.name for column in domain.columns), "created_at", "updated_at")
