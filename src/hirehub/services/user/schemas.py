"""Shapes of requests and answers. Fields are named as the columns are; times are RFC 3339 with a zone."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from hirehub.contracts.user import UserType
from hirehub.kernel.http.shapes import AnswerBody, Line100, Line200, RequestBody, example, printable
from hirehub.services.user.domain import emails, passwords, secrets
from hirehub.services.user.domain.accounts import Status


def _encodable(secret: SecretStr) -> SecretStr:
    """Half a character cannot be hashed, and the error of trying would show the secret."""
    if any(0xD800 <= ord(letter) <= 0xDFFF for letter in secret.get_secret_value()):
        raise ValueError("whole characters only")
    return secret


Email = Annotated[str, StringConstraints(max_length=emails.LARGEST), AfterValidator(emails.normalise)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=4 * passwords.LONGEST), AfterValidator(_encodable)]
Token = Annotated[SecretStr, Field(min_length=1, max_length=secrets.LARGEST), AfterValidator(_encodable)]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(printable)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{3,20}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=500)]
BusinessNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,20}$")]
Salary = Annotated[int, Field(ge=0, le=2_147_483_647)]
CompanySize = Literal["1-10", "11-50", "51-200", "201-500", "500+"]


class SignUp(RequestBody):
    """A new account."""

    model_config = example({"email": "me@example.com", "password": "correct horse battery", "user_type": "jobseeker"})

    email: Email
    password: Password
    user_type: Literal[UserType.JOBSEEKER, UserType.COMPANY]


class LogIn(RequestBody):
    """An account's address and password."""

    model_config = example({"email": "me@example.com", "password": "correct horse battery"})

    email: Email
    password: Password


class Refresh(RequestBody):
    """A refresh token that was not used yet."""

    model_config = example({"refresh_token": "the refresh token of the last answer"})

    refresh_token: Token


class Confirm(RequestBody):
    """The token of a mail, and the account's password."""

    model_config = example({"token": "the token of the mail", "password": "correct horse battery"})

    token: Token
    password: Password


class AskReset(RequestBody):
    """The address whose account has lost its password."""

    model_config = example({"email": "me@example.com"})

    email: Email


class ChoosePassword(RequestBody):
    """The token of a mail, and the password to be."""

    model_config = example({"token": "the token of the mail", "password": "correct horse battery"})

    token: Token
    password: Password


class Accepted(AnswerBody):
    """What was asked for goes its way; what comes of it, a mail tells."""

    status: Literal["accepted"] = "accepted"


class Tokens(AnswerBody):
    """What a log-in gives. `expires_in` are seconds of the access token; the refresh token is good once."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int
    refresh_token: str


class UserOut(AnswerBody):
    """An account."""

    id: UUID
    email: str
    user_type: UserType
    status: Status
    created_at: datetime
    updated_at: datetime


class CompanyIds(AnswerBody):
    """The companies that a person acts for."""

    items: list[UUID]


class AddressOut(AnswerBody):
    """Where mails to a person go."""

    email: str


class UserChange(RequestBody):
    """Another password, another address (once it is confirmed), or both."""

    model_config = example({"current_password": "correct horse battery", "password": "another horse battery"})

    current_password: Password
    password: Password | None = None
    email: Email | None = None


class ProfileChange(RequestBody):
    """What is to change of a profile; null empties a field."""

    model_config = example(
        {"experience_years": 3, "desired_position": "Cook", "desired_salary_min": 40_000_000, "skills": ["Baking"]}
    )

    name: Line100 | None = None
    phone: Phone | None = None
    experience_years: Annotated[int, Field(ge=0, le=80)] | None = None
    desired_position: Line100 | None = None
    desired_salary_min: Salary | None = None
    desired_salary_max: Salary | None = None
    skills: Annotated[list[Line100], Field(max_length=100)] | None = None


class ProfileOut(AnswerBody):
    """A job seeker's profile."""

    id: UUID
    user_id: UUID
    name: str | None
    phone: str | None
    experience_years: int | None
    desired_position: str | None
    desired_salary_min: int | None
    desired_salary_max: int | None
    skills: list[str] | None
    created_at: datetime
    updated_at: datetime


class CompanyChange(RequestBody):
    """What is to change of a company; null empties a field, but for the name."""

    model_config = example({"industry": "Restaurants", "company_size": "11-50", "location": "Busan"})

    name: Line200 = ""
    business_number: BusinessNumber | None = None
    industry: Line100 | None = None
    company_size: CompanySize | None = None
    location: Line200 | None = None
    logo_url: Url | None = None
    description: Text | None = None


class CompanyIn(CompanyChange):
    """A new company."""

    model_config = example({"name": "Lumen", "industry": "Restaurants", "company_size": "11-50", "location": "Busan"})

    name: Line200


class CompanyOut(AnswerBody):
    """A company."""

    id: UUID
    name: str
    business_number: str | None
    industry: str | None
    company_size: CompanySize | None
    location: str | None
    logo_url: str | None
    description: str | None
    status: Literal["active", "closed"]
    created_at: datetime
    updated_at: datetime


class MemberOut(AnswerBody):
    """A member of a company."""

    id: UUID
    user_id: UUID
    company_id: UUID
    name: str | None
    position: str | None
    is_primary: bool
    created_at: datetime


class MemberChange(RequestBody):
    """What is to change of a member."""

    model_config = example({"position": "Recruiter"})

    name: Line100 | None = None
    position: Line100 | None = None
    is_primary: bool = False


class InvitationIn(RequestBody):
    """Whom to invite, and as what."""

    model_config = example({"email": "colleague@example.com", "position": "Recruiter"})

    email: Email
    name: Line100 | None = None
    position: Line100 | None = None
    is_primary: bool = False


class InvitationOut(AnswerBody):
    """An invitation; its token is in the mail alone."""

    id: UUID
    company_id: UUID
    email: str
    name: str | None
    position: str | None
    is_primary: bool
    created_at: datetime
