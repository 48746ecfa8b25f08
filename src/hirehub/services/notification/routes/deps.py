"""What the routes of the service stand on."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from hirehub.kernel.auth import Principal
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.http import limits as kernel_limits
from hirehub.kernel.http.limits import RateLimiter
from hirehub.kernel.http.routes import provided
from hirehub.services.notification.settings import NotificationSettings

PREFIX: Final = "/api/v1"


@dataclass(frozen=True)
class NotificationService:
    """The service of a process."""

    db: Database
    settings: NotificationSettings


async def _service(request: Request) -> NotificationService:
    return provided(request, NotificationService)


Service = Annotated[NotificationService, Depends(_service)]


async def _transaction(service: Service) -> AsyncIterator[Transaction]:
    async with service.db.transaction() as tx:
        yield tx


Tx = Annotated[Transaction, Depends(_transaction, scope="function")]
"""A transaction that commits before the answer goes out, and only if the route returns."""


@dataclass(frozen=True)
class Limits:
    """The limits of rates, for one request."""

    limiter: RateLimiter

    async def of(self, name: str, who: Principal, rate: str) -> None:
        """Counts for somebody."""
        await self.limiter.spend(f"notification.{name}", who.subject, rate)


async def _limits(found: kernel_limits.Limited) -> Limits:
    return Limits(found.limiter)


Limited = Annotated[Limits, Depends(_limits)]
