"""The rules by which a profile was read and its pairs are scored, so that other rules make it anew."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of profiles of before nothing is known: the worker lets them wait to be made anew when it starts."""
    for table in ("job_profile", "resume_profile"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN rules char(64)")


def downgrade() -> None:
    """Forgets them."""
    for table in ("job_profile", "resume_profile"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN rules")
