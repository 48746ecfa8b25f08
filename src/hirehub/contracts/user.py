"""What services say of people: the types of users, as tokens name them."""

from enum import StrEnum


class UserType(StrEnum):
    """What a person is here."""

    JOBSEEKER = "jobseeker"
    COMPANY = "company"
    ADMIN = "admin"
