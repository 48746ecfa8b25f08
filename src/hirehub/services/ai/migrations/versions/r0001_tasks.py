"""What was worked on, chunks of posts with vectors, resumes that wait to be read, and the bus's tables."""

from alembic import op

from hirehub.kernel.bus import ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TASKS = """
CREATE TABLE ai_tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    task_type varchar(50) NOT NULL CHECK (task_type IN ('pii_masking', 'parsing', 'embedding', 'matching', 'summary')),
    source_type varchar(50) CHECK (source_type IN ('resume', 'job')),
    source_id uuid,
    status varchar(20) NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    input_data jsonb,
    output_data jsonb,
    error_message text,
    model_used varchar(100),
    tokens_used integer,
    processing_time_ms integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz
);
CREATE INDEX idx_ai_tasks_source ON ai_tasks (source_type, source_id);
CREATE INDEX idx_ai_tasks_status ON ai_tasks (status);
CREATE INDEX idx_ai_tasks_created_at ON ai_tasks (created_at DESC);
CREATE TABLE job_embeddings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL,
    chunk_index integer,
    chunk_text text,
    embedding vector(384),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_job_embeddings_vector ON job_embeddings USING ivfflat (embedding vector_cosine_ops)
    WITH (lists = 100);
CREATE TABLE resume_work (
    resume_id uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_resume_work_due_at ON resume_work (due_at);
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_TASKS, ddl.CREATE_OUTBOX_1, ddl.CREATE_INBOX_1):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything but the extension, which may not be ours."""
    op.execute(ddl.DROP)
    op.execute("DROP TABLE resume_work, job_embeddings, ai_tasks")
