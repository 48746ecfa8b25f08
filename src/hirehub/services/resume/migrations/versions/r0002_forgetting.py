"""The bus's inbox, and the people whose accounts have ended."""

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import tombstones

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both."""
    op.execute(ddl.CREATE_INBOX_1)
    op.execute(tombstones.CREATE_1)


def downgrade() -> None:
    """Removes both."""
    op.execute("DROP TABLE tombstone, inbox, subscription, parked_fact, dead_fact")
