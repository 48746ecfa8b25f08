"""The tables of `apply`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import moment, one_of, stamped, uuid_key, version
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.services.apply.domain import interviews
from hirehub.services.apply.domain.events import EVENT_TYPES
from hirehub.services.apply.domain.states import STATUSES, Actor

METADATA = MetaData()


def _application() -> Column[object]:
    return Column("application_id", Uuid, ForeignKey("applications.id", ondelete="CASCADE"), nullable=False)


APPLICATIONS = Table(
    "applications",
    METADATA,
    uuid_key(),
    *(Column(name, Uuid, nullable=False) for name in ("job_id", "user_id", "resume_id", "company_id")),
    Column("job_title", String(200), nullable=False),
    Column("cover_letter", Text),
    one_of("status", 30, STATUSES, default="submitted"),
    Column("match_score", Numeric(5, 2), CheckConstraint("match_score BETWEEN 0 AND 100")),
    stamped("applied_at"),
    stamped("updated_at"),
    Column("pending_status", String(30), CheckConstraint("pending_status = 'rejected'")),
    moment("pending_until"),
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
    uuid_key(),
    _application(),
    Column("number", Integer, CheckConstraint("number >= 1"), nullable=False),
    one_of("event_type", 50, EVENT_TYPES),
    one_of("from_status", 30, STATUSES, needed=False),
    one_of("to_status", 30, STATUSES, needed=False),
    Column("actor_id", Uuid),
    one_of("actor_type", 20, tuple(Actor), needed=False),
    Column("payload", JSONB),
    stamped("created_at"),
    UniqueConstraint("application_id", "number"),
)
"""The history: a trigger refuses changes of it."""
Index("idx_application_events_application_id", APPLICATION_EVENTS.c.application_id)
Index("idx_application_events_created_at", APPLICATION_EVENTS.c.created_at.desc())

INTERVIEWS = Table(
    "interviews",
    METADATA,
    uuid_key(),
    _application(),
    one_of("interview_type", 30, interviews.TYPES),
    moment("scheduled_at", needed=True),
    Column("time_zone", String(64), CheckConstraint("time_zone <> ''"), nullable=False, server_default="Asia/Seoul"),
    Column("duration_minutes", Integer, CheckConstraint("duration_minutes BETWEEN 1 AND 20160"), nullable=False),
    Column("location", String(500)),
    one_of("status", 20, interviews.STATUSES, default="scheduled"),
    Column("feedback", Text),
    Column("interviewer_id", Uuid),
    stamped("created_at"),
    stamped("updated_at"),
    version(),
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
