"""Better words in the templates, but for those that an administrator has changed; templates of two more events."""

from collections.abc import Sequence
from typing import Final

from alembic import op
from sqlalchemy import text

from hirehub.services.notification.migrations import seed_1, seed_3, seed_4

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADD: Final = """
INSERT INTO notification_templates (name, event_type, channel, language, subject_template, body_template, priority)
VALUES (:name, :event, :channel, :language, :subject, :body, :priority)
    ON CONFLICT (name) DO UPDATE
   SET subject_template = EXCLUDED.subject_template, body_template = EXCLUDED.body_template, updated_at = now()
 WHERE notification_templates.version = 1
"""
_NAMES: Final = ("name", "event", "channel", "language", "subject", "body", "priority")
_REMOVE: Final = """
DELETE FROM notifications WHERE event_type IN ('interview.changed', 'interview.cancelled');
DELETE FROM notification_outbox WHERE event_type IN ('interview.changed', 'interview.cancelled');
DELETE FROM notification_templates WHERE event_type IN ('interview.changed', 'interview.cancelled');
"""


def upgrade() -> None:
    """Changes those that are as they were, and adds what is new. What people were told stays as it is."""
    _put(seed_4.rows())


def downgrade() -> None:
    """Gives them their words of before; removes the new ones, and with them what was made of them."""
    op.execute(_REMOVE)
    _put([*seed_1.rows(), *seed_3.rows()])


def _put(rows: Sequence[tuple[str, str, str, str, str, str, int]]) -> None:
    op.get_bind().execute(text(_ADD), [dict(zip(_NAMES, row, strict=True)) for row in rows])
