"""Matches and recommendations over HTTP."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import Caller
from hirehub.kernel.http.languages import SPEECH
from hirehub.kernel.http.paging import Cursor, Limit, Page, decode_cursor, page_of
from hirehub.services.match.caching import FIRST
from hirehub.services.match.domain.matches import NoSuchMatch, WhichMatches
from hirehub.services.match.routes.deps import PREFIX, JobSeeker, MatchService, Service
from hirehub.services.match.schemas import MatchOut, MatchWhole
from hirehub.services.match.store import known
from hirehub.services.match.store import matches as stored
from hirehub.services.match.store.known import Post
from hirehub.services.match.store.matches import Detail, Match, Place, Wanted

router = APIRouter(prefix=PREFIX, tags=["matches"])

_LARGEST: Final = 9_223_372_036_854_775_807


@router.get("/matches")
async def list_matches(
    who: Caller,
    service: Service,
    job_id: Annotated[UUID | None, Query(description="Of this post; for members of its company.")] = None,
    resume_id: Annotated[UUID | None, Query(description="Of this resume; for its owner.")] = None,
    recommended: Annotated[bool | None, Query(description="Only those that are recommended, or are not.")] = None,
    min_score: Annotated[
        Decimal | None, Query(ge=0, le=100, max_digits=5, decimal_places=2, description="Least overall score.")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[MatchOut]:
    """Matches of a post or of a resume, or the one of both, the best first.

    Best means the highest `low_score`, not the highest `overall_score`: what is unknown never lifts a match above a
    known equal. Of equal ones the lower `high_score` is first; those without a range come last, by `overall_score`.
    """
    after = _after(cursor)
    if job_id is None and resume_id is None:
        raise WhichMatches.told()
    if job_id is not None and (resume_id is None or who.user_type == UserType.COMPANY):
        post = await service.of_post(who, job_id)
        whole = resume_id is None and recommended is None and min_score is None and after is None
        if post is None:
            return Page(items=[], next_cursor=None)
        if whole:
            return _page(await _top(service, job_id, post), limit)
    elif resume_id is not None and await service.of_resume(who, resume_id) is None:
        return Page(items=[], next_cursor=None)
    wanted = Wanted(job_id=job_id, resume_id=resume_id, recommended=recommended, min_score=min_score)
    async with service.db.transaction() as tx:
        return _page(await stored.listed(tx, wanted, after=after, limit=limit + 1), limit)


@router.get("/matches/{match_id}")
async def read_match(
    who: Caller,
    match_id: UUID,
    service: Service,
    response: Response,
    accept_language: Annotated[str | None, Header(max_length=1_000)] = None,
) -> MatchWhole:
    """A match with its evidence; for the owner of the resume, members of the post's company and administrators.

    `ai_reasoning` comes in Korean or English, as Accept-Language asks; without that in the language of the post.
    """
    found, _ = await service.seen(who, match_id)
    detail = await _whole(service, found)
    told = MatchWhole.model_validate(detail)
    if told.score_breakdown is None:
        return told
    language = told.score_breakdown.language if accept_language is None else SPEECH.get().tag
    response.headers["content-language"] = language
    response.headers["vary"] = "accept-language"
    return told.model_copy(update={"ai_reasoning": getattr(told.score_breakdown.reasoning, language)})


@router.get("/recommendations", tags=["matches"])
async def list_recommendations(
    who: JobSeeker, service: Service, limit: Limit = 20, cursor: Cursor = None
) -> Page[MatchOut]:
    """The open posts that fit the caller, each by the best of his resumes, the best first; for job seekers.

    The order is that of `GET /matches`: by `low_score`, not by `overall_score`.
    """
    after = _after(cursor)
    async with service.db.transaction() as tx:
        if after is not None:
            return _page(await stored.recommended(tx, who.person, after=after, limit=limit + 1), limit)
        stamp = await known.person(tx, who.person)
    if stamp is None:
        return Page(items=[], next_cursor=None)
    return _page(await _recommended(service, who, stamp), limit)


async def _top(service: MatchService, job_id: UUID, post: Post) -> list[Match]:
    """The first matches of a post, out of the cache or into it. What is read is not older than the stamp."""
    found = await service.kept.top(job_id, post.stamp)
    if found is None:
        async with service.db.transaction() as tx:
            found = await stored.listed(tx, Wanted(job_id=job_id), after=None, limit=FIRST)
        await service.kept.keep_top(job_id, post.stamp, found)
    return found


async def _recommended(service: MatchService, who: Principal, stamp: UUID) -> list[Match]:
    """The first recommendations of a person, in the same way."""
    found = await service.kept.recommended(who.person, stamp)
    if found is None:
        async with service.db.transaction() as tx:
            found = await stored.recommended(tx, who.person, after=None, limit=FIRST)
        await service.kept.keep_recommended(who.person, stamp, found)
    return found


async def _whole(service: MatchService, match: Match) -> Detail:
    """A match with its evidence, in the same way; NoSuchMatch where it has gone meanwhile."""
    found = await service.kept.detail(match)
    if found is None:
        async with service.db.transaction() as tx:
            found = await stored.get_whole(tx, match.id)
        if found is None:
            raise NoSuchMatch.told()
        await service.kept.keep_detail(found)
    return found


def _page(found: Sequence[Match], limit: int) -> Page[MatchOut]:
    rows = found[: limit + 1]
    return page_of(rows, limit, show=MatchOut.model_validate, position=lambda one: (one.rank, one.id))


def _after(cursor: str | None) -> Place | None:
    found = decode_cursor(cursor, int, UUID)
    if found is None:
        return None
    rank, match_id = found
    return Place(max(0, min(int(str(rank)), _LARGEST)), UUID(str(match_id)))
