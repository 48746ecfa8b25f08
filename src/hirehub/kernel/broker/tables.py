"""The tables of the bus's database. Services reach them through its functions alone."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
)

METADATA = MetaData()

FACT = Table(
    "fact",
    METADATA,
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("body", JSON, nullable=False),
    PrimaryKeyConstraint("topic", "position"),
)
Index("idx_fact_id", FACT.c.id, unique=True)
Index("idx_fact_time", FACT.c.time)

TOPIC_RIGHT = Table(
    "topic_right",
    METADATA,
    Column("role", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("may_tell", Boolean, nullable=False, server_default="false"),
    Column("may_hear", Boolean, nullable=False, server_default="false"),
)

SUBSCRIBER = Table(
    "subscriber",
    METADATA,
    Column("role", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""How far subscribers are, as they say from time to time: only for showing lag and for removing old facts."""
