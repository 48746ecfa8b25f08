"""Settings of the service `apply`."""

from typing import Annotated

from pydantic import Field

from hirehub.kernel.settings import Seconds, SettingsGroup


class ApplySettings(SettingsGroup, env_prefix="HIREHUB_APPLY__"):
    """Bounds of applications and of the work on them."""

    rejection_hold: Annotated[float, Field(ge=0, le=2_592_000)] = Field(
        3600.0, description="Seconds that a rejection is held, and can be withdrawn, before anybody hears of it."
    )
    match_wait: Seconds = Field(
        2.0, description="Seconds that an application waits for its match score; it goes on without."
    )
    hold_interval: Seconds = Field(5.0, description="Seconds between two looks for held rejections whose time is over.")
