"""The tables of `apply`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
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
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.services.apply.domain import interviews
from hirehub.services.apply.domain.events import EVENT_TYPES
from hirehub.services.apply.domain.states import STATUSES, Actor

METADATA = MetaData()


def _one_of(
    name: str, length: int, words: tuple[str, ...], *, default: str | None = None, needed: bool = True
) -> Column[object]:
    listed = ", ".join(f"'{word}'" for word in words)
    check = CheckConstraint(f"{name} IN ({listed})")
    return Column(name, String(length), check, nullable=not needed, server_default=default)


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _now(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def _application() -> Column[object]:
    return Column("application_id", Uuid, ForeignKey("applications.id", ondelete="CASCADE"), nullable=False)


APPLICATIONS = Table(
    "applications",
    METADATA,
    _id(),
    *(Column(name, Uuid, nullable=False) for name in ("job_id", "user_id", "resume_id", "company_id")),
    Column("job_title", String(200), nullable=False),
    Column("cover_letter", Text),
    _one_of("status", 30, STATUSES, default="submitted"),
    Column("match_score", Numeric(5, 2), CheckConstraint("match_score BETWEEN 0 AND 100")),
    _now("applied_at"),
    _now("updated_at"),
    Column("pending_status", String(30), CheckConstraint("pending_status = 'rejected'")),
    Column("pending_until", DateTime(timezone=True)),
    Column("pending_by", Uuid),
    Column("pending_note", Text),
    UniqueConstraint("job_id", "user_id"),
    CheckConstraint(
        "num_nulls(pending_status, pending_until, pending_by) = 0"
        " OR num_nulls(pending_status, pending_until, pending_by, pending_note) = 4",
        name="applications_pending",
    ),
    CheckConstraint(
        "pending_status IS NULL OR status NOT IN ('accepted', 'rejected', 'withdrawn')", name="applications_ended"
    ),
)
Index("idx_applications_job_id", APPLICATIONS.c.job_id)
Index("idx_applications_user_id", APPLICATIONS.c.user_id)
Index("idx_applications_company_id", APPLICATIONS.c.company_id, APPLICATIONS.c.id.desc())
Index("idx_applications_resume_id", APPLICATIONS.c.resume_id)
Index("idx_applications_status", APPLICATIONS.c.status)
Index("idx_applications_applied_at", APPLICATIONS.c.applied_at.desc())
Index("idx_applications_pending", APPLICATIONS.c.pending_until, postgresql_where=text("pending_status IS NOT NULL"))

APPLICATION_EVENTS = Table(
    "application_events",
    METADATA,
    _id(),
    _application(),
    Column("number", Integer, CheckConstraint("number >= 1"), nullable=False),
    _one_of("event_type", 50, EVENT_TYPES),
    _one_of("from_status", 30, STATUSES, needed=False),
    _one_of("to_status", 30, STATUSES, needed=False),
    Column("actor_id", Uuid),
    _one_of("actor_type", 20, tuple(Actor), needed=False),
    Column("payload", JSONB),
    _now("created_at"),
    UniqueConstraint("application_id", "number"),
)
"""The history: a trigger refuses changes of it."""
Index("idx_application_events_application_id", APPLICATION_EVENTS.c.application_id)
Index("idx_application_events_created_at", APPLICATION_EVENTS.c.created_at.desc())

INTERVIEWS = Table(
    "interviews",
    METADATA,
    _id(),
    _application(),
    _one_of("interview_type", 30, interviews.TYPES),
    Column("scheduled_at", DateTime(timezone=True), nullable=False),
    Column("time_zone", String(64), CheckConstraint("time_zone <> ''"), nullable=False, server_default="Asia/Seoul"),
    Column("duration_minutes", Integer, CheckConstraint("duration_minutes BETWEEN 1 AND 20160"), nullable=False),
    Column("location", String(500)),
    _one_of("status", 20, interviews.STATUSES, default="scheduled"),
    Column("feedback", Text),
    Column("interviewer_id", Uuid),
    _now("created_at"),
    _now("updated_at"),
    Column("version", Integer, CheckConstraint("version >= 1"), nullable=False, server_default="1"),
)
Index("idx_interviews_application_id", INTERVIEWS.c.application_id)
Index("idx_interviews_scheduled_at", INTERVIEWS.c.scheduled_at)
Index(
    "idx_interviews_interviewer_id",
    INTERVIEWS.c.interviewer_id,
    INTERVIEWS.c.scheduled_at,
    postgresql_where=text("status = 'scheduled'"),
)

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""People whose accounts have ended."""
