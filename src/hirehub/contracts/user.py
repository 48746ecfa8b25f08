"""What services say of people: the types of users, as tokens name them, and who acts for a company."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID


class UserType(StrEnum):
    """What a person is here."""

    JOBSEEKER = "jobseeker"
    COMPANY = "company"
    ADMIN = "admin"


class Members(Protocol):
    """Who acts for a company; the service `user` knows."""

    async def is_member(self, company_id: UUID, user_id: UUID) -> bool:
        """Whether the person acts for the company, which is not closed; ServiceUnavailable where nobody can tell."""
        ...
