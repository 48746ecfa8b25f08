"""The tables of `resume`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.kernel.db.types import Vector
from hirehub.services.resume.domain.files import KINDS
from hirehub.services.resume.domain.resumes import PROFICIENCIES, STATUSES

METADATA = MetaData()


def _words(name: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{name} IN ({', '.join(repr(word) for word in words)})")


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _resume() -> Column[object]:
    return Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), nullable=False)


def _now(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


RESUMES = Table(
    "resumes",
    METADATA,
    _id(),
    Column("user_id", Uuid, nullable=False),
    Column("title", String(200)),
    Column("original_file_url", String(500)),
    Column("original_file_name", String(255)),
    Column("file_type", String(50), _words("file_type", KINDS)),
    Column("masked_content", Text),
    Column("parsed_content", JSONB),
    Column("ai_summary", Text),
    Column("is_primary", Boolean, nullable=False, server_default="false"),
    Column("status", String(20), _words("status", STATUSES), nullable=False, server_default="processing"),
    _now("created_at"),
    _now("updated_at"),
    Column("status_reason", String(100)),
    Column("file_bytes", BigInteger, CheckConstraint("file_bytes > 0")),
    Column("file_sha256", LargeBinary, CheckConstraint("length(file_sha256) = 32")),
    Column("version", Integer, CheckConstraint("version >= 1"), nullable=False, server_default="1"),
)
Index("idx_resumes_user_id", RESUMES.c.user_id)
Index("idx_resumes_status", RESUMES.c.status)
Index("idx_resumes_primary", RESUMES.c.user_id, unique=True, postgresql_where=text("is_primary"))

EXPERIENCES = Table(
    "resume_experiences",
    METADATA,
    _id(),
    _resume(),
    Column("company_name", String(200)),
    Column("position", String(100)),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("is_current", Boolean, nullable=False, server_default="false"),
    Column("description", Text),
    CheckConstraint("start_date <= end_date", name="resume_experiences_dates"),
)
Index("idx_resume_experiences_resume_id", EXPERIENCES.c.resume_id)

SKILLS = Table(
    "resume_skills",
    METADATA,
    _id(),
    _resume(),
    Column("skill_name", String(100)),
    Column("proficiency", String(20), _words("proficiency", PROFICIENCIES)),
    Column("years", Integer, CheckConstraint("years BETWEEN 0 AND 80")),
)
Index("idx_resume_skills_resume_id", SKILLS.c.resume_id)
Index("idx_resume_skills_skill_name", SKILLS.c.skill_name)

EDUCATIONS = Table(
    "resume_educations",
    METADATA,
    _id(),
    _resume(),
    Column("school_name", String(200)),
    Column("degree", String(100)),
    Column("major", String(100)),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("is_current", Boolean, nullable=False, server_default="false"),
    CheckConstraint("start_date <= end_date", name="resume_educations_dates"),
)
Index("idx_resume_educations_resume_id", EDUCATIONS.c.resume_id)

EMBEDDINGS = Table(
    "resume_embeddings",
    METADATA,
    _id(),
    _resume(),
    Column("chunk_index", Integer),
    Column("chunk_text", Text),
    Column("embedding", Vector()),
    _now("created_at"),
)
Index("idx_resume_embeddings_resume_id", EMBEDDINGS.c.resume_id)
Index(
    "idx_resume_embeddings_vector",
    EMBEDDINGS.c.embedding,
    postgresql_using="ivfflat",
    postgresql_ops={"embedding": "vector_cosine_ops"},
    postgresql_with={"lists": 100},
)

MASKING_LOGS = Table(
    "pii_masking_logs",
    METADATA,
    _id(),
    _resume(),
    Column("masked_fields", JSONB),
    _now("processed_at"),
)
Index("idx_pii_masking_logs_resume_id", MASKING_LOGS.c.resume_id)

FILE_REMOVAL = Table("file_removal", METADATA, Column("prefix", String(500), primary_key=True), _now("due_at"))
"""Files whose rows are gone, or may never come: they go when their time has come, also after a kill."""

IDEMPOTENCY_KEY = idempotency_table(METADATA)
OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""People whose accounts have ended."""
