"""Sessions are found by when they ended: those of the last minutes, among years of them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index."""
    op.execute("CREATE INDEX idx_user_session_ended_at ON user_session (ended_at) WHERE ended_at IS NOT NULL")


def downgrade() -> None:
    """Removes it."""
    op.execute("DROP INDEX idx_user_session_ended_at")
