"""The table in which a service keeps answers by their `Idempotency-Key`: made and described once for all services."""

from typing import Final

from sqlalchemy import Column, DateTime, Index, LargeBinary, MetaData, SmallInteger, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

CREATE_1: Final = """
CREATE TABLE idempotency_key (
    caller text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint,
    headers jsonb,
    body text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, route, key)
);
CREATE INDEX idx_idempotency_key_created_at ON idempotency_key (created_at);
"""
"""The table, for a service's revision; frozen, a later form gets a number of its own."""


def idempotency_table(metadata: MetaData) -> Table:
    """The table's description, for the service that keeps it."""
    table = Table(
        "idempotency_key",
        metadata,
        Column("caller", Text, primary_key=True),
        Column("route", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", SmallInteger),
        Column("headers", JSONB),
        Column("body", Text),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )
    Index("idx_idempotency_key_created_at", table.c.created_at)
    return table
