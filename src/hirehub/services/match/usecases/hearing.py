"""What results, posts, and the ends of resumes and accounts do to matches; whatever order they are heard in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from hirehub.contracts.match import MatchRecommended
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.db import Transaction
from hirehub.kernel.http.idempotency import forget_caller
from hirehub.services.match.domain.matches import Result, latest, titles
from hirehub.services.match.store import known, matches
from hirehub.services.match.store.known import Told
from hirehub.services.match.store.matches import Stored

SOURCE: Final = "match"


@dataclass(frozen=True)
class Changed:
    """What a cache may hold an older form of."""

    jobs: frozenset[UUID] = frozenset()
    people: frozenset[UUID] = frozenset()
    pairs: frozenset[tuple[UUID, UUID]] = frozenset()

    @classmethod
    def by(cls, stored: Sequence[Stored]) -> "Changed":
        """What those matches stand in."""
        pairs = frozenset((one.job_id, one.resume_id) for one in stored)
        return cls(frozenset(one.job_id for one in stored), frozenset(one.user_id for one in stored), pairs)


async def calculated(tx: Transaction, results: Sequence[Result], *, line: Decimal) -> Changed:
    """Stores results that count more than what is there, and tells each person once of each post above the line.

    Results of resumes and people that are gone are dropped.
    """
    await known.stay(tx)
    found = latest(results)
    lost, left = await known.gone(tx, resumes={one.resume_id for one in found}, people={one.user_id for one in found})
    living = [one for one in found if one.resume_id not in lost and one.user_id not in left]
    await known.touch_posts(tx, {one.job_id: one.company_id for one in living})
    changed = Changed.by(await matches.store(tx, living, line=line))
    await known.touch_people(tx, changed.people)
    await _recommend(tx, changed.jobs, changed.people, titles(found))
    return changed


async def posts_told(tx: Transaction, told: Sequence[Told]) -> Changed:
    """Keeps whether posts are open; one that opens again is recommended to whom it has not been yet."""
    last = {one.job_id: one for one in sorted(told, key=lambda one: one.at)}
    turned = await known.tell_posts(tx, list(last.values()))
    people = await known.people_of(tx, turned) if turned else set[UUID]()
    await known.touch_people(tx, people)
    if opened := [job_id for job_id, status in turned.items() if status == "open"]:
        await _recommend(tx, opened, None, {one.job_id: one.title for one in last.values()})
    return Changed(people=frozenset(people))


async def resumes_removed(tx: Transaction, resumes: Collection[UUID]) -> Changed:
    """Removes the matches of resumes, those to come as well."""
    await known.lose(tx, resumes=resumes)
    return await _removed(tx, await matches.remove(tx, resumes=list(resumes)))


async def people_removed(tx: Transaction, people: Collection[UUID]) -> Changed:
    """Removes all that is kept of people, what is to come as well."""
    await known.lose(tx, people=people)
    changed = await _removed(tx, await matches.remove(tx, people=list(people)))
    await known.forget_people(tx, people)
    for user_id in people:
        await forget_caller(tx, str(user_id))
    return changed


async def _removed(tx: Transaction, removed: Sequence[Stored]) -> Changed:
    await known.touch_posts(tx, {one.job_id: one.company_id for one in removed})
    await known.touch_people(tx, {one.user_id for one in removed})
    return Changed.by(removed)


async def _recommend(
    tx: Transaction, jobs: Collection[UUID], people: Collection[UUID] | None, told: Mapping[UUID, str | None]
) -> None:
    """Tells of posts that fit; `told` are their titles, out of the fact by which that was found."""
    pairs = await known.recommend(tx, jobs, people)
    bodies = [
        MatchRecommended(
            user_id=one.user_id,
            job_id=one.job_id,
            score=one.score,
            resume_id=one.resume_id,
            job_title=told.get(one.job_id),
        )
        for one in pairs
    ]
    await publish(tx, [Fact.of(body, source=SOURCE) for body in bodies])
