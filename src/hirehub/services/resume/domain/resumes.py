"""What a resume may be: processing → ready or error, and from there processed anew."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from hirehub.kernel.errors import Conflict, Missing

STATUSES: Final = ("processing", "ready", "error")
PROFICIENCIES: Final = ("beginner", "intermediate", "advanced", "expert")
MOST_ENTRIES: Final = 200
"""Experiences, skills or educations of one resume."""
MOST_LETTERS: Final = 400_000
"""Of the descriptions of one resume together: all that is read of a file and its masks, whoever sends it back."""


class NoSuchResume(Missing):
    """There is no such resume, or it is not the caller's."""

    code = "no_such_resume"


class StillProcessing(Conflict):
    """The resume is being worked on."""

    code = "still_processing"


class NotReady(Conflict):
    """The resume could not be read."""

    code = "resume_not_ready"


class TooManyResumes(Conflict):
    """A person has as many resumes as one may have."""

    code = "too_many_resumes"


class TooManyWatchers(Conflict):
    """A person watches as many resumes as one may at once."""

    code = "too_many_watchers"


def no_such_resume() -> NoSuchResume:
    """The same for a resume that is not there and for one of somebody else."""
    return NoSuchResume("There is no such resume.", hint="Look at /api/v1/resumes for your own.")


def original_key(user_id: object, resume_id: object, kind: str) -> str:
    """Where the file is kept. Its own name stays in the database: it often holds the person's, and the key travels."""
    return f"original/{user_id}/{resume_id}/original.{kind}"


def processed_key(user_id: object, resume_id: object, name: str) -> str:
    """Where a copy of what was read in the file is kept: `masked.txt` or `parsed.json`."""
    return f"processed/{user_id}/{resume_id}/{name}"


def keys_of(user_id: object, resume_id: object) -> tuple[str, str]:
    """Everything that is kept of a resume, as beginnings of keys."""
    return f"original/{user_id}/{resume_id}", f"processed/{user_id}/{resume_id}"


def keys_of_person(user_id: object) -> tuple[str, str]:
    """Everything that is kept of a person, as beginnings of keys."""
    return f"original/{user_id}", f"processed/{user_id}"


def same_entries(
    fields: Sequence[str], some: Iterable[Mapping[str, object]], others: Iterable[Mapping[str, object]]
) -> bool:
    """Whether two lists of entries say the same in those fields, in whatever order."""

    def said(entries: Iterable[Mapping[str, object]]) -> Counter[tuple[object, ...]]:
        return Counter(tuple(one.get(name) for name in fields) for one in entries)

    return said(some) == said(others)
