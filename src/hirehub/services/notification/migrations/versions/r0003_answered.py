"""Templates of what a company hears of an applicant's decision."""

from typing import Final

from alembic import op
from sqlalchemy import text

from hirehub.services.notification.migrations.seed_3 import rows

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SEED: Final = """
INSERT INTO notification_templates (name, event_type, channel, language, subject_template, body_template, priority)
VALUES (:name, :event, :channel, :language, :subject, :body, :priority)
"""
_NAMES: Final = ("name", "event", "channel", "language", "subject", "body", "priority")


def upgrade() -> None:
    """Adds them."""
    op.get_bind().execute(text(_SEED), [dict(zip(_NAMES, row, strict=True)) for row in rows()])


def downgrade() -> None:
    """Removes them, and with them what was made of them."""
    op.execute("DELETE FROM notifications WHERE event_type = 'application.answered'")
    op.execute("DELETE FROM notification_outbox WHERE event_type = 'application.answered'")
    op.execute("DELETE FROM notification_templates WHERE event_type = 'application.answered'")
