"""The searches of the root: by a vector, by a stored row, by a text."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT, Domain
from hirehub.services.vectors.graphql.context import Info
from hirehub.services.vectors.graphql.fields import field
from hirehub.services.vectors.graphql.inputs import (
    CandidatesWhere,
    RecruitsWhere,
    RowId,
    candidate_filter,
    recruit_filter,
    uuid_of,
)
from hirehub.services.vectors.graphql.lifting import lifted
from hirehub.services.vectors.graphql.types import CandidateHit, RecruitHit
from hirehub.services.vectors.usecases.search import Hit, Wanted

After = Annotated[str | None, strawberry.argument(description="The cursor of the last hit of the page before.")]
Vector = Annotated[list[float], strawberry.argument(description="As many floats as the stored vectors have.")]


async def _by_vector(info: Info, domain: Domain, vector: Sequence[float], wanted: Wanted) -> list[Hit]:
    context = info.context
    return await context.searcher.by_vector(domain, lifted(vector, context.lifted), wanted)


async def _similar(info: Info, source: Domain, row: str, domain: Domain, wanted: Wanted) -> list[Hit]:
    context = info.context
    look_up = context.vectors(source).load
    return await context.searcher.similar(source, uuid_of(row), domain, wanted, look_up=look_up)


@strawberry.type
class SearchFields:
    """Searches; hits come nearest first."""

    @field
    async def find_similar_recruits(
        self,
        info: Info,
        vector: Vector,
        limit: int = 10,
        where: RecruitsWhere = None,
        after: After = None,
    ) -> list[RecruitHit]:
        """The job posts nearest to a vector."""
        wanted = Wanted(limit, recruit_filter(where), after)
        return [RecruitHit.found(hit) for hit in await _by_vector(info, RECRUIT, vector, wanted)]

    @field
    async def find_similar_candidates(
        self,
        info: Info,
        vector: Vector,
        limit: int = 10,
        where: CandidatesWhere = None,
        after: After = None,
    ) -> list[CandidateHit]:
        """The candidates nearest to a vector."""
        wanted = Wanted(limit, candidate_filter(where), after)
        return [CandidateHit.found(hit) for hit in await _by_vector(info, CANDIDATE, vector, wanted)]

    @field
    async def similar_recruits(
        self,
        info: Info,
        row: RowId,
        limit: int = 10,
        where: RecruitsWhere = None,
        after: After = None,
    ) -> list[RecruitHit]:
        """The job posts most like a given one, which is not among them."""
        wanted = Wanted(limit, recruit_filter(where), after)
        return [RecruitHit.found(hit) for hit in await _similar(info, RECRUIT, row, RECRUIT, wanted)]

    @field
    async def similar_candidates(
        self,
        info: Info,
        row: RowId,
        limit: int = 10,
        where: CandidatesWhere = None,
        after: After = None,
    ) -> list[CandidateHit]:
        """The candidates most like a given one, who is not among them."""
        wanted = Wanted(limit, candidate_filter(where), after)
        return [CandidateHit.found(hit) for hit in await _similar(info, CANDIDATE, row, CANDIDATE, wanted)]

    @field
    async def recruits_for_candidate(
        self,
        info: Info,
        row: RowId,
        limit: int = 10,
        where: RecruitsWhere = None,
        after: After = None,
    ) -> list[RecruitHit]:
        """The job posts nearest to a candidate, where both kinds have vectors of one model."""
        wanted = Wanted(limit, recruit_filter(where), after)
        return [RecruitHit.found(hit) for hit in await _similar(info, CANDIDATE, row, RECRUIT, wanted)]

    @field
    async def candidates_for_recruit(
        self,
        info: Info,
        row: RowId,
        limit: int = 10,
        where: CandidatesWhere = None,
        after: After = None,
    ) -> list[CandidateHit]:
        """The candidates nearest to a job post, where both kinds have vectors of one model."""
        wanted = Wanted(limit, candidate_filter(where), after)
        return [CandidateHit.found(hit) for hit in await _similar(info, RECRUIT, row, CANDIDATE, wanted)]

    @field
    async def find_recruits_by_text(
        self,
        info: Info,
        text: str,
        limit: int = 10,
        where: RecruitsWhere = None,
        after: After = None,
    ) -> list[RecruitHit]:
        """The job posts nearest to a text; needs a model, and says UNAVAILABLE without one."""
        wanted = Wanted(limit, recruit_filter(where), after)
        return [RecruitHit.found(hit) for hit in await info.context.searcher.by_text(RECRUIT, text, wanted)]

    @field
    async def find_candidates_by_text(
        self,
        info: Info,
        text: str,
        limit: int = 10,
        where: CandidatesWhere = None,
        after: After = None,
    ) -> list[CandidateHit]:
        """The candidates nearest to a text; needs a model, and says UNAVAILABLE without one."""
        wanted = Wanted(limit, candidate_filter(where), after)
        return [CandidateHit.found(hit) for hit in await info.context.searcher.by_text(CANDIDATE, text, wanted)]
