"""Skill tags are found by names that differ in case, blanks and signs."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index."""
    op.execute("CREATE INDEX idx_skill_tags_plain ON skill_tags (translate(lower(name), ' -./''()_,', ''))")


def downgrade() -> None:
    """Removes it."""
    op.execute("DROP INDEX idx_skill_tags_plain")
