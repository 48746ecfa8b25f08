"""The bus's tables in SQL, for services' revisions. Frozen: a later form gets a number of its own."""

from typing import Final

_FACT: Final = """
    topic text NOT NULL,
    key text NOT NULL,
    source text NOT NULL,
    time timestamptz NOT NULL,
    body json NOT NULL"""

CREATE_OUTBOX_1: Final = f"""
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,{_FACT}
);
"""

CREATE_INBOX_1: Final = f"""
CREATE TABLE inbox (
    subscriber text NOT NULL,
    fact_id uuid NOT NULL,
    PRIMARY KEY (subscriber, fact_id)
);
CREATE TABLE subscription (
    subscriber text NOT NULL,
    topic text NOT NULL,
    lane integer NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscriber, topic, lane)
);
CREATE TABLE parked_fact (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscriber text NOT NULL,
    id uuid NOT NULL,{_FACT},
    attempts integer NOT NULL DEFAULT 0,
    reason text,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX idx_parked_fact_key ON parked_fact (subscriber, topic, key, seq);
CREATE TABLE dead_fact (
    subscriber text NOT NULL,
    id uuid NOT NULL,{_FACT},
    attempts integer NOT NULL,
    reason text NOT NULL,
    dead_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscriber, id)
);
"""

DROP: Final = "DROP TABLE IF EXISTS outbox, inbox, subscription, parked_fact, dead_fact"
