"""What loading leaves behind: dead letters, checkpoints, runs, and the few states that outlive a run."""

LETTERS_AND_CHECKPOINTS = """
CREATE TABLE dlq (
    id bigserial PRIMARY KEY,
    domain varchar(50) NOT NULL CHECK (domain IN ('recruit', 'candidate')),
    entity_id uuid,
    error_message text NOT NULL,
    payload jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    cause text NOT NULL DEFAULT 'database_error',
    run_id uuid,
    fingerprint bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()),
    arrived_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    last_attempt_at timestamptz,
    seen integer NOT NULL DEFAULT 1 CHECK (seen >= 1),
    dimension integer,
    CONSTRAINT dlq_domain_fingerprint_key UNIQUE (domain, fingerprint)
);
CREATE INDEX idx_dlq_domain ON dlq (domain);
CREATE INDEX idx_dlq_entity_id ON dlq (entity_id);
CREATE INDEX idx_dlq_domain_created_at ON dlq (domain, created_at);
CREATE INDEX idx_dlq_domain_cause ON dlq (domain, cause);
CREATE INDEX idx_dlq_run_id ON dlq (run_id);

CREATE TABLE checkpoint (
    domain varchar(50) PRIMARY KEY CHECK (domain IN ('recruit', 'candidate')),
    last_processed_uuid uuid,
    updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO checkpoint (domain, last_processed_uuid) VALUES ('recruit', NULL), ('candidate', NULL);
"""

RUNS = """
CREATE TABLE run (
    id uuid PRIMARY KEY,
    domain text NOT NULL CHECK (domain IN ('recruit', 'candidate')),
    kind text NOT NULL CHECK (kind IN ('pull', 'push', 'replay')),
    source text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
    received bigint NOT NULL DEFAULT 0,
    stored bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    dead bigint NOT NULL DEFAULT 0,
    causes jsonb NOT NULL DEFAULT '{}',
    checkpoint uuid,
    failure text,
    recall double precision,
    cancel_requested boolean NOT NULL DEFAULT false,
    retried_of uuid,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT run_counts_add_up CHECK (received = stored + skipped + dead)
);
CREATE INDEX idx_run_started_at ON run (started_at DESC);
CREATE INDEX idx_run_running ON run (domain) WHERE status = 'running';

CREATE TABLE run_step (
    run_id uuid NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name IN ('receive', 'process', 'notify')),
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'skipped')),
    started_at timestamptz,
    finished_at timestamptz,
    detail text,
    PRIMARY KEY (run_id, name)
);

CREATE TABLE domain_lease (
    domain text PRIMARY KEY CHECK (domain IN ('recruit', 'candidate')),
    run_id uuid,
    token uuid,
    holder text,
    expires_at timestamptz
);
INSERT INTO domain_lease (domain) VALUES ('recruit'), ('candidate');
"""

STATES = """
CREATE TABLE cache_notice (
    target text NOT NULL,
    domain text NOT NULL CHECK (domain IN ('recruit', 'candidate')),
    requested_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (target, domain)
);

CREATE TABLE search_state (
    domain text PRIMARY KEY CHECK (domain IN ('recruit', 'candidate')),
    recall double precision,
    sampled integer,
    exact_only boolean NOT NULL DEFAULT false,
    measured_at timestamptz,
    index_definition text
);
INSERT INTO search_state (domain) VALUES ('recruit'), ('candidate');

CREATE TABLE schedule_state (
    name text PRIMARY KEY,
    last_started_at timestamptz
);
"""

DROP = "DROP TABLE schedule_state, search_state, cache_notice, domain_lease, run_step, run, checkpoint, dlq"
