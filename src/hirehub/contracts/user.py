"""What services say of people: the types of users, as tokens name them, and who acts for a company."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from hirehub.kernel.bus.facts import FactBody


class UserType(StrEnum):
    """What a person is here."""

    JOBSEEKER = "jobseeker"
    COMPANY = "company"
    ADMIN = "admin"


class UserRemoved(FactBody):
    """An account has ended for good; every service forgets the person."""

    topic: ClassVar[str] = "user.removed"
    key_field: ClassVar[str] = "user_id"

    user_id: UUID


class CompanyClosed(FactBody):
    """A company is closed for good: nobody acts for it any more."""

    topic: ClassVar[str] = "company.closed"
    key_field: ClassVar[str] = "company_id"

    company_id: UUID


class Members(Protocol):
    """Who acts for a company; the service `user` knows."""

    async def is_member(self, company_id: UUID, user_id: UUID) -> bool:
        """Whether the person acts for the company, which is not closed; ServiceUnavailable where nobody can tell."""
        ...

    async def of(self, company_id: UUID) -> Sequence[UUID]:
        """The people who act for the company, none for one that is closed; ServiceUnavailable where nobody can tell."""
        ...


class Companies(Protocol):
    """For which companies people act; the service `user` knows."""

    async def of(self, user_id: UUID) -> Sequence[UUID]:
        """The companies that the person acts for, 100 at most; ServiceUnavailable where nobody can tell."""
        ...


class Addresses(Protocol):
    """Where mails to a person go; the service `user` knows, and nobody else keeps it."""

    async def of(self, user_id: UUID) -> str | None:
        """The address; None where the account has ended or is suspended. ServiceUnavailable where nobody can tell."""
        ...
