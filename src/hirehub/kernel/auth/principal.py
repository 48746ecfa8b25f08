"""Who calls, as services see it, and the two ways of being refused."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from hirehub.kernel.errors import Denied

SERVICE: Final = "service"
"""The scope of calls between services."""

_CHALLENGE: Final = 'Bearer realm="hirehub"'


class Unauthenticated(Denied):
    """Nobody is known to call: there is no token, or it is not taken any more."""

    code = "unauthenticated"

    @classmethod
    def without_token(cls) -> "Unauthenticated":
        """For a request that shows none."""
        hint = "Log in, and show the access token as `Authorization: Bearer TOKEN`."
        return cls("This needs an access token.", hint=hint, www_authenticate=_CHALLENGE)

    @classmethod
    def bad_token(cls, reason: str) -> "Unauthenticated":
        """For a token that is not taken; the reason holds nothing of it."""
        return cls(
            f"The access token is not taken: {reason}.",
            hint="Refresh it, or log in again.",
            www_authenticate=f'{_CHALLENGE}, error="invalid_token"',
        )

    @classmethod
    def ended_session(cls) -> "Unauthenticated":
        """For a token whose session has ended."""
        return cls.bad_token("its session has ended")


class Forbidden(Denied):
    """The caller is known, and may not do this."""

    code = "forbidden"

    @classmethod
    def to(cls, who: str) -> "Forbidden":
        """For what only `who` may do."""
        return cls(
            f"Only {who} may do this.",
            hint="Ask somebody who may.",
            www_authenticate=f'{_CHALLENGE}, error="insufficient_scope"',
        )


@dataclass(frozen=True)
class Principal:
    """A caller: a person (`user_id`, `user_type`, and the session of a log-in), or a service (scope `service`)."""

    subject: str
    user_id: UUID | None = None
    user_type: str | None = None
    scopes: frozenset[str] = frozenset()
    session_id: UUID | None = None

    @property
    def is_service(self) -> bool:
        """Whether one of our services calls."""
        return SERVICE in self.scopes

    @property
    def person(self) -> UUID:
        """The id of the person who calls; Forbidden for a service."""
        if self.user_id is None:
            raise Forbidden.to("a person")
        return self.user_id


@dataclass(frozen=True)
class Identity:
    """What an issuer elsewhere says of somebody: good for finding the account, which it does not hold itself."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    user_type: str | None


class Directory(Protocol):
    """Who owns the accounts. Where it runs in the same process, every request is held against it.

    Elsewhere our own tokens are believed until they end (`HIREHUB_AUTH__LIFETIME`), or until the cache has a mark of
    their session's end.
    """

    async def known(self, principal: Principal) -> Principal:
        """The principal, as its account is now; Unauthenticated where account or session have ended."""
        ...

    async def arrived(self, identity: Identity) -> Principal:
        """The account of an identity, made at first sight."""
        ...
