"""The tables of `notification`, described for comparing them with a database; statements are SQL, in `store`."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hirehub.kernel.bus import tables as bus
from hirehub.kernel.db.idempotency import idempotency_table
from hirehub.kernel.db.tombstones import tombstone_table
from hirehub.services.notification.domain.events import CHANNELS, LANGUAGES
from hirehub.services.notification.domain.notices import DEVICE_TYPES, STATUSES

METADATA = MetaData()


def _id() -> Column[Any]:
    return Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid())


def _one_of(name: str, length: int, words: tuple[str, ...], default: str | None = None) -> Column[Any]:
    listed = ", ".join(f"'{word}'" for word in words)
    check = CheckConstraint(f"{name} IN ({listed})")
    return Column(name, String(length), check, nullable=False, server_default=default)


def _moment(name: str, *, default: bool = False) -> Column[Any]:
    made = func.now() if default else None
    return Column(name, DateTime(timezone=True), nullable=not default, server_default=made)


def _flag(name: str, *, default: bool) -> Column[Any]:
    return Column(name, Boolean, nullable=False, server_default=str(default).lower())


def _count(name: str, least: int) -> Column[Any]:
    check = CheckConstraint(f"{name} >= {least}")
    return Column(name, Integer, check, nullable=False, server_default=str(least))


def _source(name: str) -> Column[Any]:
    return Column(name, Text, CheckConstraint(f"length({name}) <= 10000"), nullable=False)


TEMPLATES = Table(
    "notification_templates",
    METADATA,
    _id(),
    Column("name", String(100), unique=True, nullable=False),
    Column("event_type", String(50), nullable=False),
    _one_of("channel", 20, CHANNELS),
    _source("subject_template"),
    _source("body_template"),
    _flag("is_active", default=True),
    _moment("created_at", default=True),
    _moment("updated_at", default=True),
    _one_of("language", 2, LANGUAGES, default="ko"),
    _count("priority", 0),
    _count("version", 1),
    UniqueConstraint("event_type", "channel", "language", "priority", name="notification_templates_once"),
)

NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    _id(),
    Column("user_id", Uuid, nullable=False),
    Column("template_id", Uuid, ForeignKey("notification_templates.id")),
    _one_of("channel", 20, CHANNELS),
    Column("title", String(200)),
    Column("content", Text),
    Column("data", JSONB),
    _one_of("status", 20, STATUSES, default="pending"),
    _moment("sent_at"),
    _moment("read_at"),
    Column("error_message", Text),
    _moment("created_at", default=True),
    Column("event_type", String(50), nullable=False),
    Column("dedupe_key", String(200), unique=True, nullable=False),
    _moment("due_at", default=True),
    _count("attempts", 0),
    Column("lease", Uuid),
    _flag("kept", default=False),
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
    _id(),
    Column("event_type", String(50), nullable=False),
    Column("payload", JSONB, nullable=False),
    _one_of("status", 20, ("pending", "published"), default="pending"),
    _moment("created_at", default=True),
    _moment("published_at"),
    _moment("due_at", default=True),
    _count("attempts", 0),
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
    _id(),
    Column("user_id", Uuid, nullable=False),
    _one_of("device_type", 20, DEVICE_TYPES),
    Column("token", String(500), CheckConstraint("token <> ''"), unique=True, nullable=False),
    _flag("is_active", default=True),
    _moment("created_at", default=True),
    _moment("updated_at", default=True),
)
Index("idx_device_tokens_user_id", DEVICE_TOKENS.c.user_id)

SETTINGS = Table(
    "user_notification_settings",
    METADATA,
    _id(),
    Column("user_id", Uuid, nullable=False, unique=True),
    _flag("email_enabled", default=True),
    _flag("push_enabled", default=True),
    _flag("sms_enabled", default=False),
    Column(
        "disabled_event_types",
        ARRAY(Text),
        CheckConstraint("cardinality(disabled_event_types) <= 20"),
        nullable=False,
        server_default="{}",
    ),
    _moment("created_at", default=True),
    _moment("updated_at", default=True),
    Column("quiet_start", Time),
    Column("quiet_end", Time),
    Column("time_zone", String(64)),
    Column("language", String(2), CheckConstraint("language IN ('ko', 'en')")),
    _count("version", 1),
    CheckConstraint(
        "(quiet_start IS NULL) = (quiet_end IS NULL) AND quiet_start <> quiet_end",
        name="user_notification_settings_quiet",
    ),
)

IDEMPOTENCY_KEY = idempotency_table(METADATA)
INBOX = bus.inbox(METADATA)
TOMBSTONE = tombstone_table(METADATA)
"""People whose accounts have ended."""
