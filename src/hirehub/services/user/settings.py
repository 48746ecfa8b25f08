"""Settings of the service `user` (prefix `HIREHUB_USER__`)."""

from typing import Annotated

from pydantic import BaseModel, Field

from hirehub.kernel.settings import HttpSettings, Positive, Rate, Seconds, SettingsGroup


class HashingSettings(BaseModel, frozen=True):
    """What a password costs: argon2id, in threads."""

    memory: Annotated[int, Field(ge=1024, le=4_194_304)] = Field(19_456, description="KiB that one hashing takes.")
    passes: Annotated[int, Field(ge=1, le=100)] = Field(2, description="Passes over that memory.")
    at_once: Annotated[int, Field(ge=1, le=64)] = Field(2, description="Hashings under way at once.")
    waiting: Positive = Field(64, description="Hashings that may wait for their turn; more are refused.")


class SessionSettings(BaseModel, frozen=True):
    """How long a log-in lasts."""

    idle: Positive = Field(2_592_000, description="Seconds after which a refresh token that was not used ends.")
    longest: Positive = Field(7_776_000, description="Seconds after which a session ends, however much it is used.")


class LinkSettings(BaseModel, frozen=True):
    """How long the tokens in mails live."""

    confirm: Positive = Field(172_800, description="Seconds to confirm an address.")
    reset: Positive = Field(3_600, description="Seconds to choose another password.")
    invite: Positive = Field(604_800, description="Seconds to accept an invitation.")


class LimitSettings(BaseModel, frozen=True):
    """How often, as TIMES/SECONDS; 0/60 is no limit. A client is the address that the connection comes from."""

    sign_up: Rate = Field("20/3600", description="Sign-ups a client.")
    sign_up_email: Rate = Field("5/3600", description="Sign-ups an e-mail address.")
    log_in: Rate = Field("10/300", description="Log-ins an e-mail address.")
    log_in_client: Rate = Field("100/300", description="Log-ins a client.")
    refresh: Rate = Field("300/300", description="Refreshes a client.")
    reset: Rate = Field("5/3600", description="Resets asked for an e-mail address.")
    token: Rate = Field("30/300", description="Tokens of mails that a client shows.")
    invite: Rate = Field("50/3600", description="Invitations a person.")


class UserSettings(SettingsGroup, env_prefix="HIREHUB_USER__"):
    """Everything of the service `user`."""

    public_url: str = Field(
        "http://127.0.0.1:8000",
        description="Where people reach the product, for links; without it at this HTTP port.",
    )
    confirm_email: bool = Field(False, description="An account begins once its address is confirmed; needs mails.")
    mail_pause: Seconds = Field(5.0, description="Seconds between two looks for mails that wait.")
    hashing: HashingSettings = HashingSettings()
    session: SessionSettings = SessionSettings()
    links: LinkSettings = LinkSettings()
    limits: LimitSettings = LimitSettings()

    def linked(self, http: HttpSettings) -> "UserSettings":
        """The same with links to this process's port, where nobody has said where people reach the product."""
        if "public_url" in self.model_fields_set:
            return self
        return self.model_copy(update={"public_url": f"http://127.0.0.1:{http.port}"})
