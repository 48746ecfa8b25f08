"""What is known of a post or a resume for matching, and what a pair is told as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from uuid import UUID

from pydantic import TypeAdapter

from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.scoring.model import Language, PostFacts, ResumeFacts

Source = Literal["resume", "job"]
Facts = PostFacts | ResumeFacts


@dataclass(frozen=True)
class Profile:
    """A post or a resume as matching knows it.

    `skills` are canonical names with a weight: what a post asks for, or what a resume has, in percent. `text` is what
    its vector is made of.
    """

    id: UUID
    owner_id: UUID
    """The company of a post, the person of a resume."""
    version: int
    facts: Facts
    skills: Mapping[str, int]
    language: Language
    text: str
    title: str | None = None
    """A post's."""


@dataclass(frozen=True)
class Other:
    """A candidate of the other side."""

    id: UUID
    owner_id: UUID
    version: int
    language: Language
    facts: Facts
    title: str | None = None
    """A post's; it counts for nothing, and is told along."""


@dataclass(frozen=True)
class Bounds:
    """How many pairs one event may make."""

    candidates: int
    told: int


@cache
def _resumes() -> "TypeAdapter[ResumeFacts]":
    return TypeAdapter(ResumeFacts)


@cache
def _posts() -> "TypeAdapter[PostFacts]":
    return TypeAdapter(PostFacts)


@cache
def _parsed() -> "TypeAdapter[Resume]":
    return TypeAdapter(Resume)


def to_json(facts: Facts) -> str:
    """Facts as JSON text."""
    if isinstance(facts, PostFacts):
        return _posts().dump_json(facts).decode()
    return _resumes().dump_json(facts).decode()


def from_json(source: Source, text: str) -> Facts:
    """The facts that to_json wrote; what a program of before did not know has its default."""
    return _posts().validate_json(text) if source == "job" else _resumes().validate_json(text)


def read_resume_values(parsed: Mapping[str, object]) -> Resume:
    """The values that parsing read, out of their JSON."""
    return _parsed().validate_python(parsed)


Vector = Sequence[float]
