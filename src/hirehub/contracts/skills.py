"""What skills are called; the service `ai` has the catalogue."""

from collections.abc import Sequence
from typing import Protocol


class SkillNames(Protocol):
    """The names of skills, in English and Korean."""

    async def spellings(self, name: str) -> Sequence[str]:
        """Every name of the skill that has this one; the name alone where nobody knows another."""
        ...
