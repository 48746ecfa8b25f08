"""What the routes of the service stand on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from hirehub.kernel.auth.keys import SigningKey
from hirehub.kernel.auth.tokens import Signer
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.http.languages import SPEECH
from hirehub.kernel.http.routes import provided
from hirehub.services.user.schemas import Tokens
from hirehub.services.user.settings import UserSettings
from hirehub.services.user.usecases.endings import Endings
from hirehub.services.user.usecases.hashing import Passwords
from hirehub.services.user.usecases.mailing import Mailer
from hirehub.services.user.usecases.sessions import LoggedIn

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class UserService:
    """The service of a process."""

    db: Database
    settings: UserSettings
    passwords: Passwords
    key: SigningKey
    signer: Signer
    mailer: Mailer
    endings: Endings

    def tokens(self, found: LoggedIn) -> Tokens:
        """The answer to a log-in."""
        return Tokens(
            access_token=self.signer.sign(found.principal),
            expires_in=self.signer.seconds,
            refresh_token=found.refresh_token,
        )


async def _service(request: Request) -> UserService:
    return provided(request, UserService)


Service = Annotated[UserService, Depends(_service)]


async def _transaction(service: Service) -> AsyncIterator[Transaction]:
    async with service.db.transaction() as tx:
        yield tx


Tx = Annotated[Transaction, Depends(_transaction, scope="function")]
"""A transaction that commits before the answer goes out, and only if the route returns.

Among a route's parameters it stands behind the caller: a request that held one connection while the caller's account is
looked up through another would wait for itself when all are taken.
"""


def language() -> str:
    """The caller's language, for mails."""
    return SPEECH.get().tag
