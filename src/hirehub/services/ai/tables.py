"""The tables of `ai`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    cast,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import moment, one_of, stamped, uuid_key
from hirehub.kernel.db.types import Vector

METADATA = MetaData()


AI_TASKS = Table(
    "ai_tasks",
    METADATA,
    uuid_key(),
    one_of("task_type", 50, ("pii_masking", "parsing", "embedding", "matching", "summary")),
    one_of("source_type", 50, ("resume", "job"), needed=False),
    Column("source_id", Uuid),
    one_of("status", 20, ("pending", "processing", "completed", "failed"), default="pending"),
    Column("input_data", JSONB),
    Column("output_data", JSONB),
    Column("error_message", Text),
    Column("model_used", String(100)),
    Column("tokens_used", Integer),
    Column("processing_time_ms", Integer),
    stamped("created_at"),
    moment("completed_at"),
)
Index("idx_ai_tasks_source", AI_TASKS.c.source_type, AI_TASKS.c.source_id)
Index("idx_ai_tasks_status", AI_TASKS.c.status)
Index("idx_ai_tasks_created_at", AI_TASKS.c.created_at.desc())

JOB_EMBEDDINGS = Table(
    "job_embeddings",
    METADATA,
    uuid_key(),
    Column("job_id", Uuid, nullable=False),
    Column("chunk_index", Integer, nullable=False),
    Column("chunk_text", Text),
    Column("embedding", Vector()),
    stamped("created_at"),
)
Index("idx_job_embeddings_chunk", JOB_EMBEDDINGS.c.job_id, JOB_EMBEDDINGS.c.chunk_index, unique=True)
Index(
    "idx_job_embeddings_vector",
    cast(JOB_EMBEDDINGS.c.embedding, Vector(384)).label("embedding"),
    postgresql_using="ivfflat",
    postgresql_ops={"embedding": "vector_cosine_ops"},
    postgresql_with={"lists": 100},
    postgresql_where=text("vector_dims(embedding) = 384"),
)

RESUME_WORK = Table(
    "resume_work",
    METADATA,
    Column("resume_id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    stamped("due_at"),
)
Index("idx_resume_work_due_at", RESUME_WORK.c.due_at)

SCORED_FACTS = Table(
    "scored_facts",
    METADATA,
    Column("hash", CHAR(64), primary_key=True),
    one_of("source_type", 50, ("resume", "job")),
    Column("source_id", Uuid, primary_key=True),
    Column("facts", JSONB, nullable=False),
    stamped("created_at"),
)
Index("idx_scored_facts_source", SCORED_FACTS.c.source_type, SCORED_FACTS.c.source_id)


def _profile(*columns: Column[object]) -> list[Column[object] | CheckConstraint]:
    return [
        *columns,
        Column("version", Integer, nullable=False),
        one_of("language", 2, ("ko", "en")),
        Column("facts_hash", CHAR(64), nullable=False),
        Column("text_hash", CHAR(64), nullable=False),
        Column("rules", CHAR(64)),
        Column("model", String(100)),
        Column("embedding", Vector()),
        stamped("updated_at"),
        CheckConstraint("(model IS NULL) = (embedding IS NULL)"),
    ]


JOB_PROFILE = Table(
    "job_profile",
    METADATA,
    *_profile(Column("job_id", Uuid, primary_key=True), Column("company_id", Uuid, nullable=False)),
    Column("is_open", Boolean, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("title", String(200)),
)
Index("idx_job_profile_model", JOB_PROFILE.c.model, JOB_PROFILE.c.job_id)

RESUME_PROFILE = Table(
    "resume_profile",
    METADATA,
    *_profile(Column("resume_id", Uuid, primary_key=True), Column("user_id", Uuid, nullable=False)),
)
Index("idx_resume_profile_user", RESUME_PROFILE.c.user_id)
Index("idx_resume_profile_model", RESUME_PROFILE.c.model, RESUME_PROFILE.c.resume_id)


def _skills(side: str) -> Table:
    found = Table(
        f"{side}_skill",
        METADATA,
        Column("skill", String(100), primary_key=True),
        Column(f"{side}_id", Uuid, ForeignKey(f"{side}_profile.{side}_id", ondelete="CASCADE"), primary_key=True),
        Column("weight", Integer, CheckConstraint("weight > 0"), nullable=False),
    )
    Index(f"idx_{side}_skill_{side}", found.c[f"{side}_id"])
    return found


JOB_SKILL, RESUME_SKILL = _skills("job"), _skills("resume")

MATCHED_PAIR = Table(
    "matched_pair",
    METADATA,
    Column("job_id", Uuid, ForeignKey("job_profile.job_id", ondelete="CASCADE"), primary_key=True),
    Column("resume_id", Uuid, ForeignKey("resume_profile.resume_id", ondelete="CASCADE"), primary_key=True),
    Column("said", String(100), nullable=False, server_default=""),
)
Index("idx_matched_pair_resume", MATCHED_PAIR.c.resume_id)

MATCH_WORK = Table(
    "match_work",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    one_of("source_type", 50, ("resume", "job")),
    Column("source_id", Uuid, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("profiled", Boolean, nullable=False, server_default="false"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    stamped("due_at"),
)
Index("idx_match_work_order", MATCH_WORK.c.priority, MATCH_WORK.c.id)
Index("idx_match_work_source", MATCH_WORK.c.source_type, MATCH_WORK.c.source_id)

FRESH_VECTOR = Table(
    "fresh_vector",
    METADATA,
    one_of("source_type", 50, ("resume", "job")),
    Column("source_id", Uuid, nullable=False),
    PrimaryKeyConstraint("source_type", "source_id"),
    Column("turn", BigInteger, Identity(always=True), nullable=False),
    stamped("due_at"),
)
Index("idx_fresh_vector_due_at", FRESH_VECTOR.c.source_type, FRESH_VECTOR.c.due_at)

OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
