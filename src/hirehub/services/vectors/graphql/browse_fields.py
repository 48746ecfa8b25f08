"""The look-ups of the root: rows by id, lists in pages, counts, the state of the service."""

from functools import partial
from typing import Annotated

import strawberry
from strawberry import ID

from hirehub.services.vectors.domain.deadletters import Cause
from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT
from hirehub.services.vectors.graphql.context import Info
from hirehub.services.vectors.graphql.fields import field
from hirehub.services.vectors.graphql.inputs import (
    CandidateGroup,
    CandidatesWhere,
    RecruitGroup,
    RecruitsWhere,
    RowId,
    candidate_filter,
    recruit_filter,
    uuid_of,
    uuids_of,
)
from hirehub.services.vectors.graphql.status_types import (
    DeadLetter,
    DeadLetterCount,
    DeadLetterPage,
    DomainStats,
    GroupCount,
    Run,
    RunPage,
    RunStatus,
)
from hirehub.services.vectors.graphql.types import Candidate, Connection, DomainName, Recruit, connection, page_info
from hirehub.services.vectors.store.letters import Filter as LetterFilter
from hirehub.services.vectors.usecases.browse import column

After = Annotated[str | None, strawberry.argument(description="The end cursor of the page before.")]


@strawberry.type
class BrowseFields:
    """Rows by id, lists and counts."""

    @field
    async def recruit(self, info: Info, row: RowId) -> Recruit | None:
        """A job post; null where there is none of that id."""
        found = await info.context.rows(RECRUIT).load(uuid_of(row))
        return None if found is None else Recruit.of(found)

    @field
    async def recruits(self, info: Info, ids: list[ID]) -> list[Recruit | None]:
        """Job posts in the order of the ids, null where there is none."""
        rows = await info.context.rows(RECRUIT).load_many(uuids_of(ids))
        return [None if row is None else Recruit.of(row) for row in rows]

    @field
    async def candidate(self, info: Info, row: RowId) -> Candidate | None:
        """A candidate; null where there is none of that id."""
        found = await info.context.rows(CANDIDATE).load(uuid_of(row))
        return None if found is None else Candidate.of(found)

    @field
    async def candidates(self, info: Info, ids: list[ID]) -> list[Candidate | None]:
        """Candidates in the order of the ids, null where there is none."""
        rows = await info.context.rows(CANDIDATE).load_many(uuids_of(ids))
        return [None if row is None else Candidate.of(row) for row in rows]

    @field
    async def search_recruits(
        self,
        info: Info,
        where: RecruitsWhere = None,
        first: int = 20,
        after: After = None,
    ) -> Connection[Recruit]:
        """Job posts that pass a filter, newest id first."""
        browser, wanted = info.context.browser, recruit_filter(where)
        page = await browser.page(RECRUIT, wanted, first=first, after=after)
        return connection(page, Recruit.of, partial(browser.count, RECRUIT, wanted))

    @field
    async def search_candidates(
        self,
        info: Info,
        where: CandidatesWhere = None,
        first: int = 20,
        after: After = None,
    ) -> Connection[Candidate]:
        """Candidates that pass a filter, newest id first."""
        browser, wanted = info.context.browser, candidate_filter(where)
        page = await browser.page(CANDIDATE, wanted, first=first, after=after)
        return connection(page, Candidate.of, partial(browser.count, CANDIDATE, wanted))

    @field
    async def recruit_counts(
        self,
        info: Info,
        by: RecruitGroup,
        where: RecruitsWhere = None,
        first: int = 20,
    ) -> list[GroupCount]:
        """Job posts by a value, the most frequent first."""
        grouped, wanted = column(RECRUIT, by.value), recruit_filter(where)
        counts = await info.context.browser.groups(RECRUIT, grouped, wanted, first=first)
        return [GroupCount.of(one) for one in counts]

    @field
    async def candidate_counts(
        self,
        info: Info,
        by: CandidateGroup,
        where: CandidatesWhere = None,
        first: int = 20,
    ) -> list[GroupCount]:
        """Candidates by a value, the most frequent first; once for each of their skills."""
        grouped, wanted = column(CANDIDATE, by.value), candidate_filter(where)
        counts = await info.context.browser.groups(CANDIDATE, grouped, wanted, first=first)
        return [GroupCount.of(one) for one in counts]


@strawberry.type
class StatusFields:
    """The state of the service; always asked anew, never out of the cache."""

    @field
    async def domain_stats(self, info: Info, domain: DomainName | None = None) -> list[DomainStats]:
        """What the domains hold; both where none is named."""
        found = await info.context.browser.domain_stats(domain.value if domain else None)
        return [DomainStats.of(one) for one in found]

    @field
    async def runs(
        self,
        info: Info,
        domain: DomainName | None = None,
        status: RunStatus | None = None,
        first: int = 20,
        after: After = None,
    ) -> RunPage:
        """Runs, the latest first."""
        page = await info.context.browser.runs(
            domain=domain.value if domain else None, status=status.value if status else None, first=first, after=after
        )
        return RunPage(nodes=[Run.of(run) for run in page.rows], page_info=page_info(page))

    @field
    async def dead_letters(
        self,
        info: Info,
        domain: DomainName | None = None,
        cause: Cause | None = None,
        run_id: ID | None = None,
        first: int = 20,
        after: After = None,
    ) -> DeadLetterPage:
        """Rows that could not be stored, the latest first."""
        wanted = LetterFilter(
            domain=domain.value if domain else None,
            cause=cause.value if cause else None,
            run_id=uuid_of(run_id) if run_id else None,
        )
        page = await info.context.browser.dead_letters(wanted, first=first, after=after)
        return DeadLetterPage(nodes=[DeadLetter.of(letter) for letter in page.rows], page_info=page_info(page))

    @field
    async def dead_letter_counts(self, info: Info) -> list[DeadLetterCount]:
        """Dead letters by domain and cause."""
        return [DeadLetterCount.of(one) for one in await info.context.browser.dead_letter_counts()]
