"""Settings of the service `notification` (prefix `HIREHUB_NOTIFICATION__`)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from hirehub.kernel.settings import HttpSettings, Positive, Rate, Seconds, SettingsGroup
from hirehub.services.notification.domain.quiet import zone_named


class DigestSettings(BaseModel, frozen=True):
    """When recommendations go as one mail."""

    more_than: Positive = Field(5, description="Mails of recommendations that may go one by one; more go as one.")
    window: Annotated[float, Field(ge=0, le=86_400)] = Field(
        600.0, description="Seconds that a mail of a recommendation waits for others."
    )


class SendingSettings(BaseModel, frozen=True):
    """How sending is tried."""

    pause: Seconds = Field(5.0, description="Seconds between two looks for what waits.")
    lease: Annotated[float, Field(ge=1, le=3600)] = Field(
        120.0, description="Seconds after which another process sends what one has taken on and not finished."
    )
    attempts: Annotated[int, Field(ge=1, le=50)] = Field(8, description="Times that one is tried to be sent.")
    backoff: Seconds = Field(30.0, description="Seconds before the second attempt; doubled each time.")
    backoff_limit: Seconds = Field(3600.0, description="Most seconds between two attempts.")


class LimitSettings(BaseModel, frozen=True):
    """How often, as TIMES/SECONDS; 0/60 is no limit."""

    device: Rate = Field("30/3600", description="Devices that a person registers.")
    change: Rate = Field("120/3600", description="Changes of one's own settings.")


class NotificationSettings(SettingsGroup, env_prefix="HIREHUB_NOTIFICATION__"):
    """Everything of the service `notification`."""

    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where people reach the product, for links; without it at this HTTP port.",
    )
    language: Literal["ko", "en"] = Field("ko", description="Language of who has chosen none.")
    time_zone: Annotated[str, AfterValidator(zone_named)] = Field(
        "Asia/Seoul", description="Time zone of who has chosen none."
    )
    keep_days: Positive = Field(180, description="Days that a notification is kept.")
    devices: Positive = Field(20, description="Devices that a person may have.")
    digest: DigestSettings = DigestSettings()
    sending: SendingSettings = SendingSettings()
    limits: LimitSettings = LimitSettings()

    def linked(self, http: HttpSettings) -> "NotificationSettings":
        """The same with links to this process's port, where nobody has said where people reach the product."""
        if "public_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"public_url": f"http://127.0.0.1:{http.port}"})
