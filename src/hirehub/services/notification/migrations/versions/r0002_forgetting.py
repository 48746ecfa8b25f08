"""People whose accounts have ended, and a way to what waits about one."""

from typing import Final

from alembic import op

from hirehub.kernel.db import tombstones

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEX: Final = "CREATE INDEX idx_notification_outbox_user_id ON notification_outbox ((payload ->> 'user_id'))"


def upgrade() -> None:
    """Makes both."""
    op.execute(tombstones.CREATE_1)
    op.execute(_INDEX)


def downgrade() -> None:
    """Removes both."""
    op.execute("DROP INDEX idx_notification_outbox_user_id")
    op.execute("DROP TABLE tombstone")
