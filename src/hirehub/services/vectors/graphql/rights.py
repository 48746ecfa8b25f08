"""What a caller may ask for: candidates, posts, the state of the service, each by the fields of a query's root.

Whole answers are kept under the name of the rows that they were made of, so a caller is shown a kept answer only under
names that the caller's rights cover; everything else is judged by its root fields before it is looked up or run.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Forbidden, Principal
from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT
from hirehub.services.vectors.graphql.schema import SCOPES, STATE

_POSTS: Final = frozenset({RECRUIT.name})
_ROWS: Final = frozenset({RECRUIT.name, CANDIDATE.name})
_WHO: Final = {
    STATE: ("ask for the state of the service", "an administrator or a service"),
    CANDIDATE.name: ("search candidates", "a member of a company, an administrator or a service"),
    RECRUIT.name: ("search posts", "a job seeker, a company, an administrator or a service"),
}


@dataclass(frozen=True)
class Rights:
    """What one caller may touch, and under which names kept answers may be shown."""

    touches: frozenset[str]
    kept: tuple[str, ...]

    def check(self, touched: Collection[str]) -> None:
        """Raises Forbidden where a query touches more."""
        if self.touches.issuperset(touched):
            return
        for part, (what, who) in _WHO.items():
            if part in touched and part not in self.touches:
                raise Forbidden(f"Only {who} may {what}.", hint="Leave those fields out, or ask as somebody who may.")


EVERYTHING: Final = Rights(_ROWS | {STATE}, SCOPES)
_ROWS_ONLY: Final = Rights(_ROWS, SCOPES)
_POSTS_ONLY: Final = Rights(_POSTS, (RECRUIT.name,))
_NOTHING: Final = Rights(frozenset(), ())
_OF: Final[Mapping[str | None, Rights]] = {
    UserType.ADMIN: EVERYTHING,
    UserType.JOBSEEKER: _POSTS_ONLY,
}


def rights_of(principal: Principal, *, is_member: bool) -> Rights:
    """The rights of a known caller; a type of person that is not known here may ask for nothing.

    Anybody may sign up for a company: only who acts for one that is there (`is_member`) sees candidates.
    """
    if principal.is_service:
        return EVERYTHING
    if principal.user_type == UserType.COMPANY:
        return _ROWS_ONLY if is_member else _POSTS_ONLY
    return _OF.get(principal.user_type, _NOTHING)
