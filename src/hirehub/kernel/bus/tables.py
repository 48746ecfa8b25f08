"""The bus's tables in a service's own database, by factory: each service that tells or hears facts takes them in."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)


def outbox(metadata: MetaData) -> Table:
    """Facts that a committed change has told and the relay has not yet passed on."""
    return Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        *_fact_columns(),
    )


def inbox(metadata: MetaData) -> tuple[Table, ...]:
    """What a service has heard: worked facts, its places in the logs, facts that wait, facts that are set aside."""
    heard = Table(
        "inbox",
        metadata,
        Column("subscriber", Text, nullable=False),
        Column("fact_id", Uuid, nullable=False),
        PrimaryKeyConstraint("subscriber", "fact_id"),
    )
    place = Table(
        "subscription",
        metadata,
        Column("subscriber", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("lane", Integer, nullable=False),
        Column("position", BigInteger, nullable=False, server_default="0"),
        _now("moved_at"),
        PrimaryKeyConstraint("subscriber", "topic", "lane"),
    )
    return heard, place, _parked(metadata), _dead(metadata)


def _parked(metadata: MetaData) -> Table:
    parked = Table(
        "parked_fact",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("subscriber", Text, nullable=False),
        Column("id", Uuid, nullable=False),
        *_fact_columns(),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("reason", Text),
        _now("due_at"),
    )
    Index("idx_parked_fact_key", parked.c.subscriber, parked.c.topic, parked.c.key, parked.c.seq)
    return parked


def _dead(metadata: MetaData) -> Table:
    return Table(
        "dead_fact",
        metadata,
        Column("subscriber", Text, nullable=False),
        Column("id", Uuid, nullable=False),
        *_fact_columns(),
        Column("attempts", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        _now("dead_at"),
        PrimaryKeyConstraint("subscriber", "id"),
    )


def _fact_columns() -> tuple[Column[Any], ...]:
    return (
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("time", DateTime(timezone=True), nullable=False),
        Column("body", JSON, nullable=False),
    )


def _now(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()"))
