"""Vectors that `vectors` does not have yet; at first that are all."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CREATE = """
CREATE TABLE fresh_vector (
    source_type varchar(50) NOT NULL CHECK (source_type IN ('resume', 'job')),
    source_id uuid NOT NULL,
    turn bigint GENERATED ALWAYS AS IDENTITY,
    due_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_type, source_id)
);
CREATE INDEX idx_fresh_vector_due_at ON fresh_vector (source_type, due_at);
INSERT INTO fresh_vector (source_type, source_id)
SELECT 'job', job_id FROM job_profile WHERE is_open AND model IS NOT NULL
 UNION ALL
SELECT 'resume', resume_id FROM resume_profile WHERE model IS NOT NULL;
"""


def upgrade() -> None:
    """Makes the table, and lets everything wait in it."""
    op.execute(_CREATE)


def downgrade() -> None:
    """Removes it."""
    op.execute("DROP TABLE fresh_vector")
