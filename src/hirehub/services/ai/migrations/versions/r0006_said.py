"""The numbers that were told of a pair, so that the same are not told again."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of pairs of before nothing is known: they are told once more with their next change."""
    op.execute("ALTER TABLE matched_pair ADD COLUMN said varchar(100) NOT NULL DEFAULT ''")


def downgrade() -> None:
    """Forgets them."""
    op.execute("ALTER TABLE matched_pair DROP COLUMN said")
