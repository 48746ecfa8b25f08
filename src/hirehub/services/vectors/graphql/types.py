"""Recruits and candidates as GraphQL shows them, alone or as hits of a search, and in pages."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Generic, Self, TypeVar

import strawberry
from strawberry import ID

from hirehub.services.vectors.domain import entities
from hirehub.services.vectors.graphql.fields import field
from hirehub.services.vectors.usecases.browse import Page
from hirehub.services.vectors.usecases.search import Hit

T = TypeVar("T")
R = TypeVar("R")


@strawberry.enum(name="Domain")
class DomainName(Enum):
    """The two kinds of rows."""

    RECRUIT = "recruit"
    CANDIDATE = "candidate"


@strawberry.type
class Recruit:
    """A job post."""

    id: ID
    company_name: str
    exp_years: int
    english_level: str | None
    primary_keyword: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: entities.Entity, **more: Any) -> Self:  # noqa: ANN401 - the fields of a hit
        """The stored row as it is shown."""
        if not isinstance(row, entities.Recruit):
            raise TypeError(f"{type(row).__name__} is no Recruit")
        return cls(
            id=ID(str(row.id)),
            company_name=row.company_name,
            exp_years=row.exp_years,
            english_level=row.english_level,
            primary_keyword=row.primary_keyword,
            created_at=row.created_at,
            updated_at=row.updated_at,
            **more,
        )


@strawberry.type
class Candidate:
    """A person who looks for work."""

    id: ID
    name: str
    skills: list[str]
    experience_years: int
    education_level: str | None
    preferred_location: str | None
    expected_salary: int | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: entities.Entity, **more: Any) -> Self:  # noqa: ANN401 - the fields of a hit
        """The stored row as it is shown."""
        if not isinstance(row, entities.Candidate):
            raise TypeError(f"{type(row).__name__} is no Candidate")
        return cls(
            id=ID(str(row.id)),
            name=row.name,
            skills=list(row.skills),
            experience_years=row.experience_years,
            education_level=row.education_level,
            preferred_location=row.preferred_location,
            expected_salary=row.expected_salary,
            created_at=row.created_at,
            updated_at=row.updated_at,
            **more,
        )


_DISTANCE = "How far it is from the query, by the metric."
_SIMILARITY = "Nearness in [0, 1], 1 for equal; it falls as the distance grows."
_METRIC = "What the distance is: cosine, l2, or ip (the negative inner product)."
_CURSOR = "Pass it as `after` for the hits that follow."


@strawberry.type
class RecruitHit(Recruit):
    """A job post that a search found."""

    distance: float = strawberry.field(description=_DISTANCE)
    similarity: float = strawberry.field(description=_SIMILARITY)
    metric: str = strawberry.field(description=_METRIC)
    cursor: str = strawberry.field(description=_CURSOR)

    @classmethod
    def found(cls, hit: Hit) -> Self:
        """The hit as it is shown."""
        return cls.of(hit.entity, **_nearness(hit))


@strawberry.type
class CandidateHit(Candidate):
    """A candidate whom a search found."""

    distance: float = strawberry.field(description=_DISTANCE)
    similarity: float = strawberry.field(description=_SIMILARITY)
    metric: str = strawberry.field(description=_METRIC)
    cursor: str = strawberry.field(description=_CURSOR)

    @classmethod
    def found(cls, hit: Hit) -> Self:
        """The hit as it is shown."""
        return cls.of(hit.entity, **_nearness(hit))


def _nearness(hit: Hit) -> dict[str, object]:
    return {"distance": hit.distance, "similarity": hit.similarity, "metric": hit.metric, "cursor": hit.cursor}


@strawberry.type
class PageInfo:
    """How a page stands in its list."""

    has_next_page: bool
    end_cursor: str | None = strawberry.field(description="Pass it as `after` for the next page.")


@strawberry.type
class Edge(Generic[T]):
    """A row of a list and its place."""

    cursor: str
    node: T


@strawberry.type
class Connection(Generic[T]):
    """A page of a list. Rows stored meanwhile move none to another page."""

    edges: list[Edge[T]]
    page_info: PageInfo
    counted: strawberry.Private[Callable[[], Awaitable[int]]]

    @field
    def nodes(self) -> list[T]:
        """The rows without their places."""
        return [edge.node for edge in self.edges]

    @field
    async def total_count(self) -> int:
        """Rows of the whole list; counted only when asked for."""
        return await self.counted()


def connection(page: Page[R], show: Callable[[R], T], counted: Callable[[], Awaitable[int]]) -> Connection[T]:
    """A page of the use cases as it is shown."""
    edges = [Edge(cursor=cursor, node=show(row)) for row, cursor in zip(page.rows, page.cursors, strict=True)]
    return Connection(edges=edges, page_info=page_info(page), counted=counted)


def page_info(page: Page[Any]) -> PageInfo:
    """Where the page ends."""
    cursors: Sequence[str] = page.cursors
    return PageInfo(has_next_page=page.has_next, end_cursor=cursors[-1] if cursors else None)
