"""The tables of `resume`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    cast,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import flag, one_of, stamped, uuid_key, version
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.kernel.db.types import Vector
from hirehub.services.resume.domain.files import KINDS
from hirehub.services.resume.domain.resumes import PROFICIENCIES, STATUSES

METADATA = MetaData()


def _resume() -> Column[object]:
    return Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), nullable=False)


RESUMES = Table(
    "resumes",
    METADATA,
    uuid_key(),
    Column("user_id", Uuid, nullable=False),
    Column("title", String(200)),
    Column("original_file_url", String(500)),
    Column("original_file_name", String(255)),
    one_of("file_type", 50, KINDS, needed=False),
    Column("masked_content", Text),
    Column("parsed_content", JSONB),
    Column("ai_summary", Text),
    flag("is_primary", default=False),
    one_of("status", 20, STATUSES, default="processing"),
    stamped("created_at"),
    stamped("updated_at"),
    Column("status_reason", String(100)),
    Column("file_bytes", BigInteger, CheckConstraint("file_bytes > 0")),
    Column("file_sha256", LargeBinary, CheckConstraint("length(file_sha256) = 32")),
    version(),
)
Index("idx_resumes_user_id", RESUMES.c.user_id)
Index("idx_resumes_status", RESUMES.c.status)
Index("idx_resumes_primary", RESUMES.c.user_id, unique=True, postgresql_where=text("is_primary"))

EXPERIENCES = Table(
    "resume_experiences",
    METADATA,
    uuid_key(),
    _resume(),
    Column("company_name", String(200)),
    Column("position", String(100)),
    Column("start_date", Date),
    Column("end_date", Date),
    flag("is_current", default=False),
    Column("description", Text),
    CheckConstraint("start_date <= end_date", name="resume_experiences_dates"),
)
Index("idx_resume_experiences_resume_id", EXPERIENCES.c.resume_id)

SKILLS = Table(
    "resume_skills",
    METADATA,
    uuid_key(),
    _resume(),
    Column("skill_name", String(100)),
    one_of("proficiency", 20, PROFICIENCIES, needed=False),
    Column("years", Integer, CheckConstraint("years BETWEEN 0 AND 80")),
)
Index("idx_resume_skills_resume_id", SKILLS.c.resume_id)
Index("idx_resume_skills_skill_name", SKILLS.c.skill_name)

EDUCATIONS = Table(
    "resume_educations",
    METADATA,
    uuid_key(),
    _resume(),
    Column("school_name", String(200)),
    Column("degree", String(100)),
    Column("major", String(100)),
    Column("start_date", Date),
    Column("end_date", Date),
    flag("is_current", default=False),
    CheckConstraint("start_date <= end_date", name="resume_educations_dates"),
)
Index("idx_resume_educations_resume_id", EDUCATIONS.c.resume_id)

EMBEDDINGS = Table(
    "resume_embeddings",
    METADATA,
    uuid_key(),
    _resume(),
    Column("chunk_index", Integer),
    Column("chunk_text", Text),
    Column("embedding", Vector()),
    stamped("created_at"),
)
Index("idx_resume_embeddings_resume_id", EMBEDDINGS.c.resume_id)
Index(
    "idx_resume_embeddings_vector",
    cast(EMBEDDINGS.c.embedding, Vector(384)).label("embedding"),
    postgresql_using="ivfflat",
    postgresql_ops={"embedding": "vector_cosine_ops"},
    postgresql_with={"lists": 100},
    postgresql_where=text("vector_dims(embedding) = 384"),
)

MASKING_LOGS = Table(
    "pii_masking_logs",
    METADATA,
    uuid_key(),
    _resume(),
    Column("masked_fields", JSONB),
    stamped("processed_at"),
)
Index("idx_pii_masking_logs_resume_id", MASKING_LOGS.c.resume_id)

FILE_REMOVAL = Table("file_removal", METADATA, Column("prefix", String(500), primary_key=True), stamped("due_at"))
"""Files whose rows are gone, or may never come: they go when their time has come, also after a kill."""

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""People whose accounts have ended."""
