"""Titles of posts beside their profiles, so that who hears of a score hears which post it is."""

from typing import Final

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_READ_AGAIN: Final = """
INSERT INTO match_work (source_type, source_id, priority)
SELECT 'job', job_id, 2 FROM job_profile AS p
 WHERE is_open AND NOT EXISTS (SELECT 1 FROM match_work AS w WHERE w.source_type = 'job' AND w.source_id = p.job_id)
"""


def upgrade() -> None:
    """Open posts of before wait to be read again, once nothing else waits; what they score stays."""
    op.execute("ALTER TABLE job_profile ADD COLUMN title varchar(200)")
    op.execute(_READ_AGAIN)


def downgrade() -> None:
    """Forgets them."""
    op.execute("ALTER TABLE job_profile DROP COLUMN title")
