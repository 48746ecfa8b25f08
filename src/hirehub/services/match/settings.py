"""Settings of the service `match`."""

from typing import Annotated

from pydantic import Field

from hirehub.kernel.settings import Rate, Seconds, SettingsGroup


class MatchSettings(SettingsGroup, env_prefix="HIREHUB_MATCH__"):
    """When a match is recommended, and bounds."""

    line: Annotated[float, Field(ge=0, le=100)] = Field(
        60.0, description="Score from which on a match is recommended; compared with the low end of its range."
    )
    keep: Seconds = Field(3600.0, description="Seconds that lists and details are kept in the cache.")
    feedback: Rate = Field("120/3600", description="Times that a person says something about matches; 0/60: no limit.")
