"""The tables of `notification`, described for comparing them with a database; statements are SQL, in `store`."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.columns import counter, flag, moment, one_of, stamped, uuid_key, version
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.services.notification.domain.events import CHANNELS, LANGUAGES
from hirehub.services.notification.domain.notices import DEVICE_TYPES, STATUSES

METADATA = MetaData()


def _source(name: str) -> Column[Any]:
    return Column(name, Text, CheckConstraint(f"length({name}) <= 10000"), nullable=False)


TEMPLATES = Table(
    "notification_templates",
    METADATA,
    uuid_key(),
    Column("name", String(100), unique=True, nullable=False),
    Column("event_type", String(50), nullable=False),
    one_of("channel", 20, CHANNELS),
    _source("subject_template"),
    _source("body_template"),
    flag("is_active", default=True),
    stamped("created_at"),
    stamped("updated_at"),
    one_of("language", 2, LANGUAGES, default="ko"),
    counter("priority"),
    version(),
    UniqueConstraint("event_type", "channel", "language", "priority", name="notification_templates_once"),
)

NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    uuid_key(),
    Column("user_id", Uuid, nullable=False),
    Column("template_id", Uuid, ForeignKey("notification_templates.id")),
    one_of("channel", 20, CHANNELS),
    Column("title", String(200)),
    Column("content", Text),
    Column("data", JSONB),
    one_of("status", 20, STATUSES, default="pending"),
    moment("sent_at"),
    moment("read_at"),
    Column("error_message", Text),
    stamped("created_at"),
    Column("event_type", String(50), nullable=False),
    Column("dedupe_key", String(200), unique=True, nullable=False),
    stamped("due_at"),
    counter("attempts"),
    Column("lease", Uuid),
    flag("kept", default=False),
    Column("digest_id", Uuid),
    CheckConstraint("(status = 'failed') = (error_message IS NOT NULL)", name="notifications_failed"),
)
Index("idx_notifications_user_id", NOTIFICATIONS.c.user_id)
Index("idx_notifications_status", NOTIFICATIONS.c.status)
Index("idx_notifications_created_at", NOTIFICATIONS.c.created_at.desc())
Index("idx_notifications_list", NOTIFICATIONS.c.user_id, NOTIFICATIONS.c.id.desc())
Index(
    "idx_notifications_due_at",
    NOTIFICATIONS.c.due_at,
    NOTIFICATIONS.c.id,
    postgresql_where=text("status = 'pending'"),
)

NOTIFICATION_OUTBOX = Table(
    "notification_outbox",
    METADATA,
    uuid_key(),
    Column("event_type", String(50), nullable=False),
    Column("payload", JSONB, nullable=False),
    one_of("status", 20, ("pending", "published"), default="pending"),
    stamped("created_at"),
    moment("published_at"),
    stamped("due_at"),
    counter("attempts"),
    Column("lease", Uuid),
)
"""Facts whose recipients another service must be asked for."""
Index(
    "idx_notification_outbox_status",
    NOTIFICATION_OUTBOX.c.status,
    postgresql_where=text("status = 'pending'"),
)

Index("idx_notification_outbox_user_id", NOTIFICATION_OUTBOX.c.payload["user_id"].astext)

DEVICE_TOKENS = Table(
    "device_tokens",
    METADATA,
    uuid_key(),
    Column("user_id", Uuid, nullable=False),
    one_of("device_type", 20, DEVICE_TYPES),
    Column("token", String(500), CheckConstraint("token <> ''"), unique=True, nullable=False),
    flag("is_active", default=True),
    stamped("created_at"),
    stamped("updated_at"),
)
Index("idx_device_tokens_user_id", DEVICE_TOKENS.c.user_id)

SETTINGS = Table(
    "user_notification_settings",
    METADATA,
    uuid_key(),
    Column("user_id", Uuid, nullable=False, unique=True),
    flag("email_enabled", default=True),
    flag("push_enabled", default=True),
    flag("sms_enabled", default=False),
    Column(
        "disabled_event_types",
        ARRAY(Text),
        CheckConstraint("cardinality(disabled_event_types) <= 20"),
        nullable=False,
        server_default="{}",
    ),
    stamped("created_at"),
    stamped("updated_at"),
    Column("quiet_start", Time),
    Column("quiet_end", Time),
    Column("time_zone", String(64)),
    Column("language", String(2), CheckConstraint("language IN ('ko', 'en')")),
    version(),
    CheckConstraint(
        "(quiet_start IS NULL) = (quiet_end IS NULL) AND quiet_start <> quiet_end",
        name="user_notification_settings_quiet",
    ),
)

IDEMPOTENCY_KEY = idempotency_table(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""People whose accounts have ended."""
