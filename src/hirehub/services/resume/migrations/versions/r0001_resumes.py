"""Resumes, what was read in them, what was masked, files to be removed, and the bus's outbox."""

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import idempotency

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_RESUMES = """
CREATE TABLE resumes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    title varchar(200),
    original_file_url varchar(500),
    original_file_name varchar(255),
    file_type varchar(50) CHECK (file_type IN ('pdf', 'docx', 'txt', 'hwpx', 'hwp')),
    masked_content text,
    parsed_content jsonb,
    ai_summary text,
    is_primary boolean NOT NULL DEFAULT false,
    status varchar(20) NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'ready', 'error')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    status_reason varchar(100),
    file_bytes bigint CHECK (file_bytes > 0),
    file_sha256 bytea CHECK (length(file_sha256) = 32),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
CREATE INDEX idx_resumes_user_id ON resumes (user_id);
CREATE INDEX idx_resumes_status ON resumes (status);
CREATE UNIQUE INDEX idx_resumes_primary ON resumes (user_id) WHERE is_primary;
"""

_READ = """
CREATE TABLE resume_experiences (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    company_name varchar(200),
    position varchar(100),
    start_date date,
    end_date date,
    is_current boolean NOT NULL DEFAULT false,
    description text,
    CONSTRAINT resume_experiences_dates CHECK (start_date <= end_date)
);
CREATE INDEX idx_resume_experiences_resume_id ON resume_experiences (resume_id);
CREATE TABLE resume_skills (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    skill_name varchar(100),
    proficiency varchar(20) CHECK (proficiency IN ('beginner', 'intermediate', 'advanced', 'expert')),
    years integer CHECK (years BETWEEN 0 AND 80)
);
CREATE INDEX idx_resume_skills_resume_id ON resume_skills (resume_id);
CREATE INDEX idx_resume_skills_skill_name ON resume_skills (skill_name);
CREATE TABLE resume_educations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    school_name varchar(200),
    degree varchar(100),
    major varchar(100),
    start_date date,
    end_date date,
    is_current boolean NOT NULL DEFAULT false,
    CONSTRAINT resume_educations_dates CHECK (start_date <= end_date)
);
CREATE INDEX idx_resume_educations_resume_id ON resume_educations (resume_id);
"""

_VECTORS = """
CREATE TABLE resume_embeddings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    chunk_index integer,
    chunk_text text,
    embedding vector(384),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_resume_embeddings_resume_id ON resume_embeddings (resume_id);
CREATE INDEX idx_resume_embeddings_vector ON resume_embeddings USING ivfflat (embedding vector_cosine_ops)
    WITH (lists = 100);
CREATE TABLE pii_masking_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resume_id uuid NOT NULL REFERENCES resumes (id) ON DELETE CASCADE,
    masked_fields jsonb,
    processed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_pii_masking_logs_resume_id ON pii_masking_logs (resume_id);
CREATE TABLE file_removal (prefix varchar(500) PRIMARY KEY, due_at timestamptz NOT NULL DEFAULT now());
"""

_DROP = """
DROP TABLE idempotency_key, file_removal, pii_masking_logs, resume_embeddings, resume_educations, resume_skills,
    resume_experiences, resumes
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_RESUMES, _READ, _VECTORS, idempotency.CREATE_1, ddl.CREATE_OUTBOX_1):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything but the extension, which may not be ours."""
    op.execute(ddl.DROP)
    op.execute(_DROP)
