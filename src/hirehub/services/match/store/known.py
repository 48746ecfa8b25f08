"""What is known of posts and people beside their matches: whose a post is, whether it is open, who is gone.

`stamp` of a post or a person is another one after each change of the matches that its list shows. Locks are taken in
one order by everybody: posts, matches, people, each by their ids.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hirehub.kernel.db import ReadTransaction, Transaction


@dataclass(frozen=True)
class Post:
    """Whose a post is, and the stamp of its list."""

    company_id: UUID
    stamp: UUID


@dataclass(frozen=True)
class Told:
    """What a post was told to be, and when."""

    job_id: UUID
    company_id: UUID
    status: str
    at: datetime
    title: str | None = None


@dataclass(frozen=True)
class Pair:
    """A person and a post that is recommended to him, by the best of his matches with it."""

    user_id: UUID
    job_id: UUID
    score: Decimal
    resume_id: UUID


_GONE_KEY = "x'6d61746368'::bigint"
_STAY = f"SELECT pg_advisory_xact_lock_shared({_GONE_KEY})"
_GO = f"SELECT pg_advisory_xact_lock({_GONE_KEY})"

_GONE_RESUMES = "SELECT resume_id FROM removed_resume WHERE resume_id = ANY(%s)"
_GONE_PEOPLE = "SELECT user_id FROM removed_person WHERE user_id = ANY(%s)"
_LOSE_RESUMES = "INSERT INTO removed_resume (resume_id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING"
_LOSE_PEOPLE = "INSERT INTO removed_person (user_id) SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING"
_FORGET_PEOPLE = """
WITH pairs AS (DELETE FROM recommended_pair WHERE user_id = ANY(%(people)s)),
     feedback AS (DELETE FROM match_feedback WHERE feedback_by = ANY(%(people)s))
DELETE FROM person WHERE user_id = ANY(%(people)s)
"""

_TOUCH_POSTS = """
INSERT INTO post (job_id, company_id)
SELECT * FROM unnest(%s::uuid[], %s::uuid[]) AS told (job_id, company_id) ORDER BY job_id
ON CONFLICT (job_id) DO UPDATE SET stamp = gen_random_uuid()
"""
_TOUCH_PEOPLE = """
INSERT INTO person (user_id) SELECT user_id FROM unnest(%s::uuid[]) AS told (user_id) ORDER BY user_id
ON CONFLICT (user_id) DO UPDATE SET stamp = gen_random_uuid()
"""
_LOCK_POSTS = "SELECT job_id, status, told_at FROM post WHERE job_id = ANY(%s) ORDER BY job_id FOR UPDATE"
_TELL_POSTS = """
INSERT INTO post (job_id, company_id, status, told_at)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[])
       AS told (job_id, company_id, status, told_at)
 ORDER BY job_id
ON CONFLICT (job_id) DO UPDATE SET status = EXCLUDED.status, told_at = EXCLUDED.told_at
"""
_PEOPLE_OF = "SELECT DISTINCT user_id FROM matches WHERE job_id = ANY(%s) AND is_recommended"
_POST = "SELECT company_id, stamp FROM post WHERE job_id = %s"
_PERSON = "SELECT stamp FROM person WHERE user_id = %s"

_RECOMMEND = """
WITH fresh AS (
    INSERT INTO recommended_pair (user_id, job_id)
    SELECT DISTINCT m.user_id, m.job_id FROM matches AS m JOIN post AS p USING (job_id)
     WHERE m.job_id = ANY(%(jobs)s) AND (%(people)s::uuid[] IS NULL OR m.user_id = ANY(%(people)s))
       AND m.is_recommended AND p.status = 'open'
     ORDER BY m.user_id, m.job_id
    ON CONFLICT DO NOTHING
    RETURNING user_id, job_id
)
SELECT DISTINCT ON (user_id, job_id) user_id, job_id, overall_score, resume_id
  FROM fresh JOIN matches USING (user_id, job_id)
 WHERE is_recommended
 ORDER BY user_id, job_id, rank DESC, id DESC
"""


async def stay(tx: Transaction) -> None:
    """Keeps resumes and people from being removed until the transaction ends, for whoever stores what is theirs."""
    await tx.execute(_STAY)


async def lose(tx: Transaction, *, resumes: Collection[UUID] = (), people: Collection[UUID] = ()) -> None:
    """Remembers for ever that resumes or people are gone, and lets nobody store matches until the transaction ends."""
    await tx.execute(_GO)
    await tx.execute(_LOSE_RESUMES, (sorted(resumes),))
    await tx.execute(_LOSE_PEOPLE, (sorted(people),))


async def gone(
    tx: ReadTransaction, *, resumes: Collection[UUID], people: Collection[UUID]
) -> tuple[set[UUID], set[UUID]]:
    """Those of the resumes and of the people that are gone."""
    lost = await tx.fetch_all(_GONE_RESUMES, (list(resumes),))
    left = await tx.fetch_all(_GONE_PEOPLE, (list(people),))
    return {row[0] for row in lost}, {row[0] for row in left}


async def forget_people(tx: Transaction, people: Collection[UUID]) -> None:
    """Forgets what was recommended to people, what they said, and their stamps."""
    await tx.execute(_FORGET_PEOPLE, {"people": list(people)})


async def touch_posts(tx: Transaction, companies: Mapping[UUID, UUID]) -> None:
    """Gives the lists of posts other stamps; the company of each."""
    await tx.execute(_TOUCH_POSTS, (list(companies), list(companies.values())))


async def touch_people(tx: Transaction, people: Collection[UUID]) -> None:
    """Gives the lists of people other stamps."""
    await tx.execute(_TOUCH_PEOPLE, (list(set(people)),))


async def tell_posts(tx: Transaction, told: Collection[Told]) -> dict[UUID, str]:
    """Keeps what posts are, unless something later is known; those that are open now and were not, or the reverse,
    with their states. A post that nobody has told of counts as open, for matches are calculated for open posts alone.
    """
    rows = await tx.fetch_all(_LOCK_POSTS, ([one.job_id for one in told],))
    before = {row[0]: (row[1], row[2]) for row in rows}
    news = [one for one in told if (at := before.get(one.job_id, ("open", None))[1]) is None or at <= one.at]
    columns = zip(*((one.job_id, one.company_id, one.status, one.at) for one in news), strict=True)
    if news:
        await tx.execute(_TELL_POSTS, tuple(list(column) for column in columns))
    was = {one.job_id: before.get(one.job_id, ("open", None))[0] for one in news}
    return {one.job_id: one.status for one in news if (one.status == "open") != (was[one.job_id] == "open")}


async def people_of(tx: ReadTransaction, jobs: Collection[UUID]) -> set[UUID]:
    """Those to whom the posts are recommended, open or not."""
    return {row[0] for row in await tx.fetch_all(_PEOPLE_OF, (list(jobs),))}


async def recommend(tx: Transaction, jobs: Collection[UUID], people: Collection[UUID] | None = None) -> list[Pair]:
    """Remembers open posts as recommended to those whom they fit well enough, and answers who had not heard of which.

    `people` are the ones whose matches may be new; None for all.
    """
    values = {"jobs": list(jobs), "people": None if people is None else list(people)}
    return [Pair(*row) for row in await tx.fetch_all(_RECOMMEND, values)]


async def post(tx: ReadTransaction, job_id: UUID) -> Post | None:
    """A post, where something was heard of it."""
    row = await tx.fetch_one(_POST, (job_id,))
    return Post(*row) if row else None


async def person(tx: ReadTransaction, user_id: UUID) -> UUID | None:
    """The stamp of a person's list; None for who never had a match."""
    found: UUID | None = await tx.fetch_value(_PERSON, (user_id,))
    return found
