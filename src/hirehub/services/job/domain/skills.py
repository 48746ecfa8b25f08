"""Skill tags: one name each, whatever its case."""

import unicodedata
from typing import Final

from hirehub.kernel.errors import Invalid, Missing

CATEGORIES: Final = ("language", "framework", "database", "cloud", "tool", "method", "soft", "domain")
MOST_SKILLS: Final = 50
"""Of one post."""
LONGEST: Final = 100
"""Characters of a name, as it is shown."""


class TooManySkills(Invalid):
    """A post names more skills than it may."""

    code = "too_many_skills"


class NoSuchSkill(Missing):
    """There is no such skill tag."""

    code = "no_such_skill"


def clean(name: str) -> str:
    """A skill's name as it is shown: composed, without blanks around or doubled inside."""
    return " ".join(unicodedata.normalize("NFC", name).split())
