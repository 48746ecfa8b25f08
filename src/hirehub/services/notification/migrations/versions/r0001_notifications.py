"""Templates with those of the start, notifications, devices, settings, and what waits to be told to companies."""

from alembic import op
from sqlalchemy import text

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import idempotency
from hirehub.services.notification.migrations.seed_1 import rows

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEMPLATES = """
CREATE TABLE notification_templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) UNIQUE NOT NULL,
    event_type varchar(50) NOT NULL,
    channel varchar(20) NOT NULL CHECK (channel IN ('email', 'push', 'sms', 'in_app')),
    subject_template text NOT NULL CHECK (length(subject_template) <= 10000),
    body_template text NOT NULL CHECK (length(body_template) <= 10000),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    language varchar(2) NOT NULL DEFAULT 'ko' CHECK (language IN ('ko', 'en')),
    priority integer NOT NULL DEFAULT 0 CHECK (priority >= 0),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    CONSTRAINT notification_templates_once UNIQUE (event_type, channel, language, priority)
);
"""

_NOTIFICATIONS = """
CREATE TABLE notifications (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    template_id uuid REFERENCES notification_templates (id),
    channel varchar(20) NOT NULL CHECK (channel IN ('email', 'push', 'sms', 'in_app')),
    title varchar(200),
    content text,
    data jsonb,
    status varchar(20) NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'sent', 'delivered', 'failed', 'read')),
    sent_at timestamptz,
    read_at timestamptz,
    error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    event_type varchar(50) NOT NULL,
    dedupe_key varchar(200) UNIQUE NOT NULL,
    due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    lease uuid,
    kept boolean NOT NULL DEFAULT false,
    digest_id uuid,
    CONSTRAINT notifications_failed CHECK ((status = 'failed') = (error_message IS NOT NULL))
);
CREATE INDEX idx_notifications_user_id ON notifications (user_id);
CREATE INDEX idx_notifications_status ON notifications (status);
CREATE INDEX idx_notifications_created_at ON notifications (created_at DESC);
CREATE INDEX idx_notifications_list ON notifications (user_id, id DESC);
CREATE INDEX idx_notifications_due_at ON notifications (due_at, id) WHERE status = 'pending';

CREATE TABLE notification_outbox (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_type varchar(50) NOT NULL,
    payload jsonb NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'published')),
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    due_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    lease uuid
);
CREATE INDEX idx_notification_outbox_status ON notification_outbox (status) WHERE status = 'pending';
"""

_PEOPLE = """
CREATE TABLE device_tokens (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL,
    device_type varchar(20) NOT NULL CHECK (device_type IN ('ios', 'android', 'web')),
    token varchar(500) UNIQUE NOT NULL CHECK (token <> ''),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_device_tokens_user_id ON device_tokens (user_id);

CREATE TABLE user_notification_settings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL UNIQUE,
    email_enabled boolean NOT NULL DEFAULT true,
    push_enabled boolean NOT NULL DEFAULT true,
    sms_enabled boolean NOT NULL DEFAULT false,
    disabled_event_types text[] NOT NULL DEFAULT '{}' CHECK (cardinality(disabled_event_types) <= 20),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    quiet_start time,
    quiet_end time,
    time_zone varchar(64),
    language varchar(2) CHECK (language IN ('ko', 'en')),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    CONSTRAINT user_notification_settings_quiet
        CHECK ((quiet_start IS NULL) = (quiet_end IS NULL) AND quiet_start <> quiet_end)
);
"""

_SEED = """
INSERT INTO notification_templates (name, event_type, channel, language, subject_template, body_template, priority)
VALUES (:name, :event, :channel, :language, :subject, :body, :priority)
"""
_NAMES = ("name", "event", "channel", "language", "subject", "body", "priority")


def upgrade() -> None:
    """Makes everything, and the templates of the start."""
    for statements in (_TEMPLATES, _NOTIFICATIONS, _PEOPLE, idempotency.CREATE_1, ddl.CREATE_INBOX_1):
        op.execute(statements)
    op.get_bind().execute(text(_SEED), [dict(zip(_NAMES, row, strict=True)) for row in rows()])


def downgrade() -> None:
    """Removes everything."""
    op.execute(ddl.DROP)
    op.execute(
        "DROP TABLE idempotency_key, notifications, notification_templates, notification_outbox, device_tokens,"
        " user_notification_settings"
    )
