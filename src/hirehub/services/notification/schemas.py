"""Shapes of requests and answers."""

from datetime import datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, WithJsonSchema, computed_field

from hirehub.kernel.http.shapes import AnswerBody, RequestBody, example, printable
from hirehub.services.notification.domain.quiet import MOST_ZONE
from hirehub.services.notification.domain.templates import MOST_SOURCE, as_html

Event = Literal[
    "resume.processed",
    "match.recommended",
    "application.submitted",
    "application.status_changed",
    "application.answered",
    "interview.scheduled",
    "interview.changed",
    "interview.cancelled",
]
Channel = Literal["email", "push", "sms", "in_app"]
Status = Literal["pending", "sent", "delivered", "failed", "read"]
Language = Literal["ko", "en"]
DeviceType = Literal["ios", "android", "web"]


def _naive(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of the day without a zone; time_zone says which")
    return at


def _token(secret: SecretStr) -> SecretStr:
    if not all("!" <= letter <= "~" for letter in secret.get_secret_value()):
        raise ValueError("printable ASCII without blanks")
    return secret


_HOURS = WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"})
"""A time without a zone; `format: time` would ask for one."""
TimeOfDay = Annotated[time, AfterValidator(_naive), _HOURS]
DeviceToken = Annotated[SecretStr, Field(min_length=1, max_length=500), AfterValidator(_token)]
SourceText = Annotated[str, Field(min_length=1, max_length=MOST_SOURCE), AfterValidator(printable)]


class NotificationOut(AnswerBody):
    """A notification. `kept`: nobody carries its channel here, so it is shown in the product alone."""

    id: UUID
    event_type: str
    channel: Channel
    title: str
    content: str
    data: dict[str, Any]
    status: Status
    kept: bool
    error_message: str | None
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]  # as pydantic documents it
    @property
    def content_html(self) -> str:
        """The content for a page: markup in it is escaped, its lines are broken."""
        return as_html(self.content)


class ReadOut(AnswerBody):
    """How many notifications were unread until now."""

    read: int


class SettingsOut(AnswerBody):
    """How the caller wants to hear of things; null leaves it to the product."""

    email_enabled: bool
    push_enabled: bool
    sms_enabled: bool
    disabled_event_types: list[Event]
    quiet_start: TimeOfDay | None
    quiet_end: TimeOfDay | None
    time_zone: str | None
    language: Language | None


class SettingsChange(RequestBody):
    """What changes; a field that is left out stays, null empties it where it may be empty."""

    model_config = example(
        {
            "push_enabled": False,
            "quiet_start": "22:00",
            "quiet_end": "07:00",
            "time_zone": "Asia/Seoul",
            "language": "ko",
        }
    )

    email_enabled: bool = True
    push_enabled: bool = True
    sms_enabled: bool = False
    disabled_event_types: Annotated[list[Event], Field(max_length=20)] = Field(default_factory=list)
    quiet_start: TimeOfDay | None = None
    quiet_end: TimeOfDay | None = None
    time_zone: Annotated[str, Field(min_length=1, max_length=MOST_ZONE)] | None = None
    language: Language | None = None


class DeviceIn(RequestBody):
    """A device for push. The token is never shown again."""

    model_config = example({"device_type": "web", "token": "the-token-of-the-browser"})

    device_type: DeviceType
    token: DeviceToken


class DeviceOut(AnswerBody):
    """A device of the caller."""

    id: UUID
    device_type: DeviceType
    is_active: bool
    created_at: datetime
    updated_at: datetime


class TemplateOut(AnswerBody):
    """A template: `{{name}}`, and `{% if name %} ... {% endif %}`; nothing else."""

    id: UUID
    name: str
    event_type: str
    channel: Channel
    language: Language
    priority: int
    subject_template: str
    body_template: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


class TemplateChange(RequestBody):
    """What changes of a template; a field that is left out stays."""

    model_config = example({"subject_template": "News", "body_template": "Something has changed.", "is_active": True})

    subject_template: SourceText = ""
    body_template: SourceText = ""
    is_active: bool = True
