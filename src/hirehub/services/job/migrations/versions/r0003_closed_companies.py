"""The companies that are closed, whose posts do not open any more."""

from alembic import op

from hirehub.kernel.db import tombstones

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.execute(tombstones.CREATE_1)


def downgrade() -> None:
    """Removes it."""
    op.execute("DROP TABLE tombstone")
