"""The tables of `ai`, described for comparing them with a database; statements are written in SQL, in `store`."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, MetaData, String, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.types import Vector

METADATA = MetaData()


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _now(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


def _words(name: str, *words: str) -> CheckConstraint:
    return CheckConstraint(f"{name} IN ({', '.join(repr(word) for word in words)})")


AI_TASKS = Table(
    "ai_tasks",
    METADATA,
    _id(),
    Column(
        "task_type",
        String(50),
        _words("task_type", "pii_masking", "parsing", "embedding", "matching", "summary"),
        nullable=False,
    ),
    Column("source_type", String(50), _words("source_type", "resume", "job")),
    Column("source_id", Uuid),
    Column(
        "status",
        String(20),
        _words("status", "pending", "processing", "completed", "failed"),
        nullable=False,
        server_default="pending",
    ),
    Column("input_data", JSONB),
    Column("output_data", JSONB),
    Column("error_message", Text),
    Column("model_used", String(100)),
    Column("tokens_used", Integer),
    Column("processing_time_ms", Integer),
    _now("created_at"),
    Column("completed_at", DateTime(timezone=True)),
)
Index("idx_ai_tasks_source", AI_TASKS.c.source_type, AI_TASKS.c.source_id)
Index("idx_ai_tasks_status", AI_TASKS.c.status)
Index("idx_ai_tasks_created_at", AI_TASKS.c.created_at.desc())

JOB_EMBEDDINGS = Table(
    "job_embeddings",
    METADATA,
    _id(),
    Column("job_id", Uuid, nullable=False),
    Column("chunk_index", Integer),
    Column("chunk_text", Text),
    Column("embedding", Vector()),
    _now("created_at"),
)
Index(
    "idx_job_embeddings_vector",
    JOB_EMBEDDINGS.c.embedding,
    postgresql_using="ivfflat",
    postgresql_ops={"embedding": "vector_cosine_ops"},
    postgresql_with={"lists": 100},
)

RESUME_WORK = Table(
    "resume_work",
    METADATA,
    Column("resume_id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _now("due_at"),
)
Index("idx_resume_work_due_at", RESUME_WORK.c.due_at)

OUTBOX = bus.outbox(METADATA)
INBOX = bus.inbox(METADATA)
