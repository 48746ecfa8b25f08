"""The tables of `job`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import counter, flag, moment, one_of, stamped, uuid_key, version
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.services.job.domain.posts import JOB_TYPES, LEVELS, REMOTE_TYPES, STATUSES
from hirehub.services.job.domain.skills import CATEGORIES

METADATA = MetaData()


def _number(name: str, most: int) -> Column[object]:
    return Column(name, Integer, CheckConstraint(f"{name} BETWEEN 0 AND {most}"))


JOBS = Table(
    "jobs",
    METADATA,
    uuid_key(),
    Column("company_id", Uuid, nullable=False),
    Column("title", String(200), CheckConstraint("title <> ''"), nullable=False),
    Column("description", Text),
    Column("requirements", Text),
    one_of("job_type", 50, JOB_TYPES, needed=False),
    one_of("experience_level", 50, LEVELS, needed=False),
    _number("experience_min", 60),
    _number("experience_max", 60),
    _number("salary_min", 2_000_000_000),
    _number("salary_max", 2_000_000_000),
    Column("location", String(200)),
    one_of("remote_type", 50, REMOTE_TYPES, needed=False),
    one_of("status", 20, STATUSES, default="draft"),
    counter("views_count"),
    counter("applies_count"),
    moment("posted_at"),
    moment("expires_at"),
    stamped("created_at"),
    stamped("updated_at"),
    version(),
    Column("reference", String(200)),
    CheckConstraint("experience_min <= experience_max", name="jobs_experience"),
    CheckConstraint("salary_min <= salary_max", name="jobs_salary"),
    CheckConstraint("status = 'draft' OR posted_at IS NOT NULL", name="jobs_posted"),
)
Index("idx_jobs_company_id", JOBS.c.company_id)
Index("idx_jobs_status", JOBS.c.status)
Index("idx_jobs_posted_at", JOBS.c.posted_at.desc())
Index("idx_jobs_location", JOBS.c.location)
Index("idx_jobs_open", JOBS.c.posted_at.desc(), JOBS.c.id.desc(), postgresql_where=text("status = 'open'"))
Index("idx_jobs_expires_at", JOBS.c.expires_at, postgresql_where=text("status = 'open'"))
Index(
    "idx_jobs_reference",
    JOBS.c.company_id,
    JOBS.c.reference,
    unique=True,
    postgresql_where=text("reference IS NOT NULL"),
)

SKILL_TAGS = Table(
    "skill_tags",
    METADATA,
    uuid_key(),
    Column("name", String(100), CheckConstraint("name <> ''"), unique=True, nullable=False),
    one_of("category", 50, CATEGORIES, needed=False),
)
Index("idx_skill_tags_category", SKILL_TAGS.c.category)
Index("idx_skill_tags_lower", text("lower(name)"), unique=True, _table=SKILL_TAGS)
Index("idx_skill_tags_plain", text("translate(lower(name), ' -./''()_,', '')"), _table=SKILL_TAGS)

JOB_SKILLS = Table(
    "job_skills",
    METADATA,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("skill_id", Uuid, ForeignKey("skill_tags.id"), nullable=False),
    flag("is_required", default=True),
    PrimaryKeyConstraint("job_id", "skill_id"),
)
Index("idx_job_skills_skill_id", JOB_SKILLS.c.skill_id)

VIEW_TALLY = Table(
    "view_tally",
    METADATA,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("slot", SmallInteger, nullable=False),
    Column("count", Integer, nullable=False),
    PrimaryKeyConstraint("job_id", "slot"),
)
"""Views that do not show yet: many callers at once count in different rows."""

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""The companies that are closed."""
