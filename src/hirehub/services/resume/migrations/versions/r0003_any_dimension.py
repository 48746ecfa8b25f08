"""Pieces keep the vectors of any model: the column takes each dimension, the index those of 384 floats."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ANY = """
DROP INDEX idx_resume_embeddings_vector;
ALTER TABLE resume_embeddings ALTER COLUMN embedding TYPE vector;
CREATE INDEX idx_resume_embeddings_vector ON resume_embeddings
 USING ivfflat ((embedding::vector(384)) vector_cosine_ops) WITH (lists = 100) WHERE vector_dims(embedding) = 384;
"""
_ONE = """
DROP INDEX idx_resume_embeddings_vector;
UPDATE resume_embeddings SET embedding = NULL WHERE vector_dims(embedding) <> 384;
ALTER TABLE resume_embeddings ALTER COLUMN embedding TYPE vector(384);
CREATE INDEX idx_resume_embeddings_vector ON resume_embeddings
 USING ivfflat (embedding vector_cosine_ops) WITH (lists = 100);
"""


def upgrade() -> None:
    """Lets the column take each dimension."""
    op.execute(_ANY)


def downgrade() -> None:
    """Takes vectors of another dimension away."""
    op.execute(_ONE)
