"""What people say of a match, and who may say what."""

from enum import StrEnum
from typing import Final

from hirehub.kernel.errors import Missing


class Side(StrEnum):
    """On which side of a match somebody is."""

    JOBSEEKER = "jobseeker"
    COMPANY = "company"


BY_ANYBODY: Final = ("helpful", "not_helpful")
BY_THE_COMPANY: Final = ("hired", "rejected")
"""What only the company knows."""
TYPES: Final = (*BY_ANYBODY, *BY_THE_COMPANY)


class NoFeedback(Missing):
    """The caller has said nothing of the match."""

    code = "no_feedback"

    @classmethod
    def told(cls) -> "NoFeedback":
        """For who has not said anything yet."""
        return cls("You have said nothing of this match.", hint="POST says something.")


def may_say(side: Side, feedback_type: str) -> bool:
    """Whether that side may say so."""
    return side is Side.COMPANY or feedback_type in BY_ANYBODY
