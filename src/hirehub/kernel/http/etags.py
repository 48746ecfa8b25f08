"""Changes that do not overwrite each other: a row's version as its ETag, and If-Match asked of whoever changes it.

A statement changes a row only `WHERE id = ... AND version = ANY(...)`, so that the check and the change are one.
"""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from hirehub.kernel.errors import Conflict, Invalid

_TAG: Final = re.compile(r'(?<!W/)"(\d{1,10})"')
"""A strong tag: a weak one says that things look alike, which is not enough for changing one."""
_LARGEST_VERSION: Final = 2_147_483_647


class PreconditionRequired(Invalid):
    """A change without If-Match, where it is asked for."""

    code = "precondition_required"


class PreconditionFailed(Conflict):
    """What is to be changed is not any more as the caller saw it."""

    code = "precondition_failed"

    @classmethod
    def changed(cls) -> "PreconditionFailed":
        """Somebody else was faster."""
        return cls("It was changed meanwhile.", hint="Read it again, and send the new ETag.")


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


async def versions(if_match: Annotated[str | None, Header(max_length=200)] = None) -> list[int] | None:
    """The versions that If-Match names; None for `*`, any version."""
    if if_match is None:
        raise PreconditionRequired("This needs If-Match.", hint="Send the ETag with which it was read.")
    if if_match.strip() == "*":
        return None
    found = [int(number) for number in _TAG.findall(if_match)]
    return [number for number in found if number <= _LARGEST_VERSION]


async def versions_if_any(if_match: Annotated[str | None, Header(max_length=200)] = None) -> list[int] | None:
    """The same, where If-Match may be left out: then any version."""
    return None if if_match is None else await versions(if_match)


IfMatch = Annotated[list[int] | None, Depends(versions)]
IfMatchIfAny = Annotated[list[int] | None, Depends(versions_if_any)]
