"""The tables of `vectors`, described for comparing them with a database; statements are written in SQL, in `store`.

Vectors lie inside their rows (STORAGE PLAIN). ALTER COLUMN ... TYPE sets the storage back to the type's own, so
whatever changes the dimension says SET STORAGE PLAIN after it.
The index over the vectors is left out: its kind, and whether it is there during a load, is for settings to say.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import moment, stamped
from hirehub.kernel.db.types import Vector
from hirehub.services.vectors.domain.domains import DOMAINS

METADATA = MetaData()

_DOMAIN_CHECK = "domain IN ({})".format(", ".join(f"'{name}'" for name in DOMAINS))


RECRUIT_METADATA = Table(
    "recruit_metadata",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("company_name", Text, nullable=False),
    Column("exp_years", Integer, CheckConstraint("exp_years >= 0"), nullable=False),
    Column("english_level", Text),
    Column("primary_keyword", Text),
    stamped("created_at"),
    stamped("updated_at"),
)
Index("idx_recruit_metadata_updated_at", RECRUIT_METADATA.c.updated_at)
Index("idx_recruit_metadata_company_exp", RECRUIT_METADATA.c.company_name, RECRUIT_METADATA.c.exp_years)
Index("idx_recruit_metadata_recent_updates", RECRUIT_METADATA.c.updated_at.desc())

CANDIDATE_METADATA = Table(
    "candidate_metadata",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", String(255), nullable=False),
    Column("skills", ARRAY(Text)),
    Column("experience_years", Integer, CheckConstraint("experience_years >= 0"), nullable=False),
    Column("education_level", String(100)),
    Column("preferred_location", String(255)),
    Column("expected_salary", Integer, CheckConstraint("expected_salary > 0 OR expected_salary IS NULL")),
    stamped("created_at"),
    stamped("updated_at"),
)
Index("idx_candidate_metadata_updated_at", CANDIDATE_METADATA.c.updated_at)
Index("idx_candidate_metadata_name", CANDIDATE_METADATA.c.name)
Index("idx_candidate_metadata_exp_edu", CANDIDATE_METADATA.c.experience_years, CANDIDATE_METADATA.c.education_level)
Index("idx_candidate_metadata_skills_gin", CANDIDATE_METADATA.c.skills, postgresql_using="gin")
Index("idx_candidate_metadata_recent_updates", CANDIDATE_METADATA.c.updated_at.desc())


def _embedding(name: str) -> Table:
    table = Table(
        f"{name}_embedding",
        METADATA,
        Column("id", Uuid, ForeignKey(f"{name}_metadata.id", ondelete="CASCADE"), primary_key=True),
        Column("vector", Vector(), nullable=False),
        stamped("updated_at"),
    )
    Index(f"idx_{name}_embedding_updated_at", table.c.updated_at)
    return table


RECRUIT_EMBEDDING = _embedding("recruit")
CANDIDATE_EMBEDDING = _embedding("candidate")

DLQ = Table(
    "dlq",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=True),
    Column("domain", String(50), CheckConstraint(_DOMAIN_CHECK), nullable=False),
    Column("entity_id", Uuid),
    Column("error_message", Text, nullable=False),
    Column("payload", JSONB),
    stamped("created_at"),
    Column("cause", Text, nullable=False, server_default="database_error"),
    Column("run_id", Uuid),
    Column("fingerprint", LargeBinary, nullable=False, server_default=func.uuid_send(func.gen_random_uuid())),
    stamped("arrived_at"),
    Column("attempts", Integer, CheckConstraint("attempts >= 0"), nullable=False, server_default="0"),
    moment("last_attempt_at"),
    Column("seen", Integer, CheckConstraint("seen >= 1"), nullable=False, server_default="1"),
    Column("dimension", Integer),
    UniqueConstraint("domain", "fingerprint", name="dlq_domain_fingerprint_key"),
)
Index("idx_dlq_domain", DLQ.c.domain)
Index("idx_dlq_entity_id", DLQ.c.entity_id)
Index("idx_dlq_domain_created_at", DLQ.c.domain, DLQ.c.created_at)
Index("idx_dlq_domain_cause", DLQ.c.domain, DLQ.c.cause)
Index("idx_dlq_run_id", DLQ.c.run_id)

CHECKPOINT = Table(
    "checkpoint",
    METADATA,
    Column("domain", String(50), CheckConstraint(_DOMAIN_CHECK), primary_key=True),
    Column("last_processed_uuid", Uuid),
    stamped("updated_at"),
)


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


RUN = Table(
    "run",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("domain", Text, CheckConstraint(_DOMAIN_CHECK), nullable=False),
    Column("kind", Text, CheckConstraint("kind IN ('pull', 'push', 'replay')"), nullable=False),
    Column("source", Text, nullable=False),
    Column("options", JSONB, nullable=False, server_default="{}"),
    Column(
        "status",
        Text,
        CheckConstraint("status IN ('running', 'succeeded', 'failed', 'cancelled')"),
        nullable=False,
    ),
    _count("received"),
    _count("stored"),
    _count("skipped"),
    _count("dead"),
    Column("causes", JSONB, nullable=False, server_default="{}"),
    Column("checkpoint", Uuid),
    Column("failure", Text),
    Column("recall", Double),
    Column("cancel_requested", Boolean, nullable=False, server_default="false"),
    Column("retried_of", Uuid),
    stamped("started_at"),
    moment("finished_at"),
    stamped("heartbeat_at"),
    CheckConstraint("received = stored + skipped + dead", name="run_counts_add_up"),
)
Index("idx_run_started_at", RUN.c.started_at.desc())
Index("idx_run_running", RUN.c.domain, postgresql_where=RUN.c.status == "running")

RUN_STEP = Table(
    "run_step",
    METADATA,
    Column("run_id", Uuid, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, CheckConstraint("name IN ('receive', 'process', 'notify')"), primary_key=True),
    Column(
        "status",
        Text,
        CheckConstraint("status IN ('pending', 'running', 'succeeded', 'failed', 'skipped')"),
        nullable=False,
        server_default="pending",
    ),
    moment("started_at"),
    moment("finished_at"),
    Column("detail", Text),
)

DOMAIN_LEASE = Table(
    "domain_lease",
    METADATA,
    Column("domain", Text, CheckConstraint(_DOMAIN_CHECK), primary_key=True),
    Column("run_id", Uuid),
    Column("token", Uuid),
    Column("holder", Text),
    moment("expires_at"),
)

CACHE_NOTICE = Table(
    "cache_notice",
    METADATA,
    Column("target", Text, primary_key=True),
    Column("domain", Text, CheckConstraint(_DOMAIN_CHECK), primary_key=True),
    stamped("requested_at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    stamped("next_attempt_at"),
)

SEARCH_STATE = Table(
    "search_state",
    METADATA,
    Column("domain", Text, CheckConstraint(_DOMAIN_CHECK), primary_key=True),
    Column("recall", Double),
    Column("sampled", Integer),
    Column("exact_only", Boolean, nullable=False, server_default="false"),
    moment("measured_at"),
    Column("index_definition", Text),
)

WITHDRAWN = Table(
    "withdrawn",
    METADATA,
    Column("domain", Text, CheckConstraint(_DOMAIN_CHECK), primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("upto", DateTime(timezone=True), nullable=False),
)

INBOX = bus.inbox(METADATA)

SCHEDULE_STATE = Table("schedule_state", METADATA, Column("name", Text, primary_key=True), moment("last_started_at"))
