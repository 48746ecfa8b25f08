"""Companies and their members. A company always has somebody who may act for it."""

from hirehub.kernel.errors import Conflict, Missing


class NoSuchCompany(Missing):
    """There is no such company."""

    code = "no_such_company"


class NoSuchMember(Missing):
    """There is no such member of the company."""

    code = "no_such_member"


class NoSuchInvitation(Missing):
    """There is no such invitation, or it is used or too old."""

    code = "no_such_invitation"


class AlreadyMember(Conflict):
    """The person is a member already."""

    code = "already_member"


class LastPrimary(Conflict):
    """The last primary member may not leave, nor become an ordinary one."""

    code = "last_primary"


class BusinessNumberTaken(Conflict):
    """Another company has this business number."""

    code = "business_number_taken"


def may_lose_primary(primaries: int) -> None:
    """Whether one of so many primary members may go; LastPrimary for the only one."""
    if primaries <= 1:
        raise LastPrimary("The last primary member cannot leave.", hint="Make another member primary first.")
