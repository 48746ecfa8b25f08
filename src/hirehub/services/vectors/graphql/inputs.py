"""What callers state: filters, groupings, ids; here it becomes the domain's values, or an error that names it."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID

from hirehub.kernel.errors import Invalid
from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT
from hirehub.services.vectors.domain.queries import Filter, FilterBuilder

_TEXT = "Words that must all be found in the row's texts, in upper or lower case."
_AS_STORED = "Any of these, written as they are stored."


class BadId(Invalid):
    """An id that is no UUID."""

    code = "bad_id"


@strawberry.input
class RecruitFilter:
    """Conditions on job posts; all must hold. An empty list is no condition."""

    min_experience: int | None = strawberry.field(default=None, description="Least years asked for.")
    max_experience: int | None = strawberry.field(default=None, description="Most years asked for.")
    keywords: list[str] | None = strawberry.field(default=None, description=_AS_STORED)
    english_levels: list[str] | None = strawberry.field(default=None, description=_AS_STORED)
    companies: list[str] | None = strawberry.field(default=None, description=_AS_STORED)
    text: str | None = strawberry.field(default=None, description=_TEXT)


@strawberry.input
class CandidateFilter:
    """Conditions on candidates; all must hold. An empty list is no condition."""

    min_experience: int | None = strawberry.field(default=None, description="Least years of experience.")
    max_experience: int | None = strawberry.field(default=None, description="Most years of experience.")
    skills_any: list[str] | None = strawberry.field(default=None, description="At least one of these, as stored.")
    skills_all: list[str] | None = strawberry.field(default=None, description="Every one of these, as stored.")
    education_levels: list[str] | None = strawberry.field(default=None, description=_AS_STORED)
    locations: list[str] | None = strawberry.field(default=None, description=_AS_STORED)
    max_salary: int | None = strawberry.field(default=None, description="Most expected; unknown ones are left out.")
    text: str | None = strawberry.field(default=None, description=_TEXT)


RowId = Annotated[ID, strawberry.argument(name="id")]
RecruitsWhere = Annotated[RecruitFilter | None, strawberry.argument(name="filter")]
CandidatesWhere = Annotated[CandidateFilter | None, strawberry.argument(name="filter")]


@strawberry.enum
class RecruitGroup(Enum):
    """What job posts are counted by."""

    COMPANY = "company_name"
    KEYWORD = "primary_keyword"
    EXPERIENCE = "exp_years"
    ENGLISH_LEVEL = "english_level"


@strawberry.enum
class CandidateGroup(Enum):
    """What candidates are counted by."""

    SKILL = "skills"
    EXPERIENCE = "experience_years"
    EDUCATION = "education_level"
    LOCATION = "preferred_location"


def recruit_filter(stated: RecruitFilter | None) -> Filter:
    """The conditions on job posts."""
    if stated is None:
        return Filter()
    return (
        FilterBuilder(RECRUIT)
        .between("exp_years", stated.min_experience, stated.max_experience)
        .one_of("primary_keyword", stated.keywords)
        .one_of("english_level", stated.english_levels)
        .one_of("company_name", stated.companies)
        .containing(stated.text)
        .build()
    )


def candidate_filter(stated: CandidateFilter | None) -> Filter:
    """The conditions on candidates."""
    if stated is None:
        return Filter()
    return (
        FilterBuilder(CANDIDATE)
        .between("experience_years", stated.min_experience, stated.max_experience)
        .has_any("skills", stated.skills_any)
        .has_all("skills", stated.skills_all)
        .one_of("education_level", stated.education_levels)
        .one_of("preferred_location", stated.locations)
        .between("expected_salary", None, stated.max_salary)
        .containing(stated.text)
        .build()
    )


def uuid_of(text: str) -> UUID:
    """The id in its usual form, in either case; BadId otherwise."""
    try:
        found = UUID(text)
    except ValueError:
        found = None
    if found is None or str(found) != text.lower():
        raise BadId("This id is no UUID.", hint="Ids look like 018f0000-0000-7000-8000-000000000000.")
    return found


def uuids_of(texts: Sequence[str]) -> list[UUID]:
    """The same for several."""
    return [uuid_of(text) for text in texts]
