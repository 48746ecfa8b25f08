"""What routes ask of their caller, as dependencies of FastAPI.

async def read(who: Caller) -> ...                                         anyone with a good token
async def close(who: Annotated[Principal, Depends(require("admin"))]) ...  only such a user type
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hirehub.kernel.auth.callers import Callers
from hirehub.kernel.auth.principal import SERVICE, Forbidden, Principal, Unauthenticated
from hirehub.kernel.http.routes import provided

_bearer: Final = HTTPBearer(auto_error=False, scheme_name="token", bearerFormat="JWT")


async def caller(
    request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Who calls, by the bearer token; Unauthenticated for nobody."""
    if shown is None:
        raise Unauthenticated.without_token()
    return await provided(request, Callers).of(shown.credentials)


Caller = Annotated[Principal, Depends(caller)]


async def caller_or_nobody(
    request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal | None:
    """Who calls, or None for somebody who shows no token; a token that is not good is refused all the same."""
    return None if shown is None else await caller(request, shown)


CallerOrNobody = Annotated[Principal | None, Depends(caller_or_nobody)]


@dataclass(frozen=True)
class Required:
    """A dependency: a caller of one of the user types, or with `service` one of our services; Forbidden for others."""

    user_types: tuple[str, ...]
    service: bool

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may, for machines."""
        return (*self.user_types, SERVICE) if self.service else self.user_types

    @property
    def words(self) -> str:
        """Who may, for people."""
        named = [f"a user of the type {kind}" for kind in self.user_types]
        return " or ".join([*named, "a service"] if self.service else named)

    async def __call__(self, who: Caller) -> Principal:
        """The caller."""
        if who.user_type in self.user_types or (self.service and SERVICE in who.scopes):
            return who
        raise Forbidden.to(self.words)


def require(*user_types: str, service: bool = False) -> Required:
    """A dependency: such callers and no others."""
    return Required(user_types, service)
