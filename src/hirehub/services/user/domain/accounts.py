"""Accounts: their states, and what can be refused to those who use them."""

from enum import StrEnum
from typing import Final

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Unauthenticated
from hirehub.kernel.errors import Conflict, Denied, Invalid, Missing

SIGNED_UP: Final = (UserType.JOBSEEKER, UserType.COMPANY)
"""Whom anybody may become."""

OWN_SUBJECT: Final = "hirehub:"
"""Begins the subject of accounts that log in here; an issuer's subjects begin otherwise."""


class Status(StrEnum):
    """The state of an account."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class BadCredentials(Unauthenticated):
    """E-mail address and password do not belong together; whether either is known stays unsaid."""

    code = "bad_credentials"


class BadRefreshToken(Unauthenticated):
    """A refresh token that is unknown, used, or of a session that has ended."""

    code = "bad_refresh_token"


class BadMailToken(Invalid):
    """A token out of a mail that is unknown, used or too old."""

    code = "bad_mail_token"


class AccountSuspended(Denied):
    """The account is suspended."""

    code = "account_suspended"


class NoSuchUser(Missing):
    """There is no such user."""

    code = "no_such_user"


class NoSuchProfile(Missing):
    """The account has no profile of a job seeker."""

    code = "no_such_profile"


class BadProfile(Invalid):
    """Fields of a profile that do not go together."""

    code = "bad_profile"


class WrongState(Conflict):
    """The account's state does not allow this."""

    code = "wrong_account_state"


class EmailTaken(Conflict):
    """Another account has this e-mail address; told to administrators and to an issuer's own users only."""

    code = "email_taken"


class PasswordNeeded(Invalid):
    """A change that needs the present password, and it was not given or is wrong."""

    code = "password_needed"


def wanted_type(stated: str | None) -> UserType:
    """The type of an account that an issuer's token makes: what it states, if anybody may become that."""
    return next((kind for kind in SIGNED_UP if kind == stated), UserType.JOBSEEKER)
