"""The tables of `match`, described for comparing them with a database; statements are written in SQL, in `store`."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.services.match.domain import feedback

METADATA = MetaData()

POST_STATUSES = ("draft", "open", "closed")


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _stamp() -> Column[Any]:
    """Another one with each change: what a cache holds under an older one is not served."""
    return Column("stamp", Uuid, nullable=False, server_default=func.gen_random_uuid())


def _now(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def _score(name: str) -> Column[Any]:
    return Column(name, Numeric(5, 2), CheckConstraint(f"{name} BETWEEN 0 AND 100"))


def _one_of(name: str, words: tuple[str, ...], default: str | None = None) -> Column[Any]:
    listed = ", ".join(f"'{word}'" for word in words)
    check = CheckConstraint(f"{name} IN ({listed})")
    return Column(name, String(20), check, nullable=False, server_default=default)


MATCHES = Table(
    "matches",
    METADATA,
    _id(),
    *(Column(name, Uuid, nullable=False) for name in ("job_id", "resume_id", "user_id")),
    *(_score(name) for name in ("overall_score", "skill_score", "experience_score", "culture_score")),
    Column("score_breakdown", JSONB),
    Column("ai_reasoning", Text),
    Column("is_recommended", Boolean, nullable=False, server_default="false"),
    _now("created_at"),
    _now("updated_at"),
    Column("company_id", Uuid, nullable=False),
    _score("low_score"),
    _score("high_score"),
    *(Column(name, BigInteger, nullable=False) for name in ("rank", "job_version", "resume_version")),
    Column("calculated_at", DateTime(timezone=True), nullable=False),
    _stamp(),
    UniqueConstraint("job_id", "resume_id"),
    CheckConstraint("low_score <= high_score", name="matches_range"),
    CheckConstraint("NOT is_recommended OR overall_score IS NOT NULL", name="matches_recommended"),
)
_RECOMMENDED = text("is_recommended")
_BEST = (MATCHES.c.rank.desc(), MATCHES.c.id.desc())
Index("idx_matches_job_id", MATCHES.c.job_id)
Index("idx_matches_user_id", MATCHES.c.user_id)
Index("idx_matches_overall_score", MATCHES.c.overall_score.desc())
Index("idx_matches_is_recommended", MATCHES.c.is_recommended, postgresql_where=text("is_recommended = true"))
Index("idx_matches_of_post", MATCHES.c.job_id, *_BEST)
Index("idx_matches_of_resume", MATCHES.c.resume_id, *_BEST)
Index("idx_matches_of_person", MATCHES.c.user_id, MATCHES.c.job_id, *_BEST, postgresql_where=_RECOMMENDED)

MATCH_FEEDBACK = Table(
    "match_feedback",
    METADATA,
    _id(),
    Column("match_id", Uuid, ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    _one_of("feedback_type", feedback.TYPES),
    Column("feedback_by", Uuid, nullable=False),
    _now("created_at"),
    UniqueConstraint("match_id", "feedback_by"),
)
Index("idx_match_feedback_by", MATCH_FEEDBACK.c.feedback_by)

POST = Table(
    "post",
    METADATA,
    Column("job_id", Uuid, primary_key=True),
    Column("company_id", Uuid, nullable=False),
    _one_of("status", POST_STATUSES, "open"),
    Column("told_at", DateTime(timezone=True)),
    _stamp(),
)
"""Whose a post is and whether it is open, as far as was heard."""

PERSON = Table("person", METADATA, Column("user_id", Uuid, primary_key=True), _stamp())
"""People with matches."""

RECOMMENDED_PAIR = Table(
    "recommended_pair",
    METADATA,
    *(Column(name, Uuid, primary_key=True) for name in ("user_id", "job_id")),
    _now("told_at"),
)
"""To whom which post was recommended: nobody hears of the same one twice."""

REMOVED_RESUME = Table("removed_resume", METADATA, Column("resume_id", Uuid, primary_key=True), _now("removed_at"))
REMOVED_PERSON = Table("removed_person", METADATA, Column("user_id", Uuid, primary_key=True), _now("removed_at"))

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
