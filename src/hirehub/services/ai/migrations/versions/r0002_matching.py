"""Profiles of posts and resumes, the facts that scores were made of, pairs that were told, and what waits."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CREATE = """
CREATE TABLE scored_facts (
    hash char(64) PRIMARY KEY,
    source_type varchar(50) NOT NULL CHECK (source_type IN ('resume', 'job')),
    source_id uuid NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_scored_facts_source ON scored_facts (source_type, source_id);
CREATE TABLE job_profile (
    job_id uuid PRIMARY KEY,
    company_id uuid NOT NULL,
    version integer NOT NULL,
    is_open boolean NOT NULL,
    language varchar(2) NOT NULL CHECK (language IN ('ko', 'en')),
    facts_hash char(64) NOT NULL,
    text_hash char(64) NOT NULL,
    asked integer NOT NULL,
    model varchar(100),
    embedding vector,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((model IS NULL) = (embedding IS NULL))
);
CREATE INDEX idx_job_profile_model ON job_profile (model, job_id);
CREATE TABLE resume_profile (
    resume_id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    version integer NOT NULL,
    language varchar(2) NOT NULL CHECK (language IN ('ko', 'en')),
    facts_hash char(64) NOT NULL,
    text_hash char(64) NOT NULL,
    model varchar(100),
    embedding vector,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((model IS NULL) = (embedding IS NULL))
);
CREATE INDEX idx_resume_profile_user ON resume_profile (user_id);
CREATE INDEX idx_resume_profile_model ON resume_profile (model, resume_id);
CREATE TABLE job_skill (
    skill varchar(100) NOT NULL,
    job_id uuid NOT NULL REFERENCES job_profile ON DELETE CASCADE,
    weight integer NOT NULL CHECK (weight > 0),
    PRIMARY KEY (skill, job_id)
);
CREATE INDEX idx_job_skill_job ON job_skill (job_id);
CREATE TABLE resume_skill (
    skill varchar(100) NOT NULL,
    resume_id uuid NOT NULL REFERENCES resume_profile ON DELETE CASCADE,
    weight integer NOT NULL CHECK (weight > 0),
    PRIMARY KEY (skill, resume_id)
);
CREATE INDEX idx_resume_skill_resume ON resume_skill (resume_id);
CREATE TABLE matched_pair (
    job_id uuid NOT NULL REFERENCES job_profile ON DELETE CASCADE,
    resume_id uuid NOT NULL REFERENCES resume_profile ON DELETE CASCADE,
    PRIMARY KEY (job_id, resume_id)
);
CREATE INDEX idx_matched_pair_resume ON matched_pair (resume_id);
CREATE TABLE match_work (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_type varchar(50) NOT NULL CHECK (source_type IN ('resume', 'job')),
    source_id uuid NOT NULL,
    priority smallint NOT NULL,
    profiled boolean NOT NULL DEFAULT false,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_match_work_order ON match_work (priority, id);
CREATE INDEX idx_match_work_source ON match_work (source_type, source_id);
ALTER TABLE job_embeddings ALTER COLUMN chunk_index SET NOT NULL;
CREATE UNIQUE INDEX idx_job_embeddings_chunk ON job_embeddings (job_id, chunk_index);
"""


def upgrade() -> None:
    """Makes them."""
    op.execute(_CREATE)


def downgrade() -> None:
    """Removes them; posts and resumes are matched anew when they change."""
    op.execute("DROP INDEX idx_job_embeddings_chunk")
    op.execute("ALTER TABLE job_embeddings ALTER COLUMN chunk_index DROP NOT NULL")
    op.execute(
        "DROP TABLE match_work, matched_pair, resume_skill, job_skill, resume_profile, job_profile, scored_facts"
    )
