"""The bus's outbox: accounts that have ended are told."""

from alembic import op

from hirehub.kernel.bus import ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it."""
    op.execute(ddl.CREATE_OUTBOX_1)


def downgrade() -> None:
    """Removes it."""
    op.execute("DROP TABLE outbox")
