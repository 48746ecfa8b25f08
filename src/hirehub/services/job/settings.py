"""Settings of the service `job`."""

from pydantic import Field

from hirehub.kernel.settings import Positive, Seconds, SettingsGroup


class JobSettings(SettingsGroup, env_prefix="HIREHUB_JOB__"):
    """Bounds of posts and of the work on them."""

    expiry_interval: Seconds = Field(30.0, description="Seconds between two looks for posts whose time is over.")
    views_interval: Seconds = Field(5.0, description="Seconds until a view shows in a post's count.")
    import_rows: Positive = Field(25_000, description="Rows that one import may have.")
    import_batch: Positive = Field(500, description="Rows of an import that one transaction stores.")
