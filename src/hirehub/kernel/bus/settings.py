"""Bounds of the bus."""

from typing import Annotated

from pydantic import Field

from hirehub.kernel.settings import Positive, Seconds, SettingsGroup


class BusSettings(SettingsGroup, env_prefix="HIREHUB_BUS__"):
    """How facts travel between services."""

    batch: Annotated[int, Field(ge=1, le=10_000)] = Field(500, description="Facts moved or worked at once.")
    attempts: Positive = Field(8, description="Times that a fact is tried before it is set aside.")
    backoff: Seconds = Field(1.0, description="Seconds before the second attempt; doubled each time, with jitter.")
    backoff_limit: Seconds = Field(600.0, description="Most seconds between two attempts.")
    deadline: Seconds = Field(30.0, description="Seconds that the work on one batch of facts may take.")
    poll: Seconds = Field(
        5.0, description="Seconds between two looks for what nobody was told of (its writer was killed)."
    )
    quiet: Seconds = Field(
        60.0, description="Seconds between two looks at a topic without news (the connection that tells may be dead)."
    )
    keep_days: Positive = Field(14, description="Days that facts which everybody has worked are kept.")
