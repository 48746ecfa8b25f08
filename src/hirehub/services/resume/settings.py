"""Settings of the service `resume`."""

from pydantic import Field

from hirehub.kernel.settings import Positive, Rate, Seconds, SettingsGroup


class ResumeSettings(SettingsGroup, env_prefix="HIREHUB_RESUME__"):
    """Bounds of resumes."""

    max_file: Positive = Field(10_485_760, description="Bytes that a file may have.")
    max_resumes: Positive = Field(20, description="Resumes that a person may have.")
    uploads: Rate = Field("20/3600", description="Uploads of a person, as TIMES/SECONDS; 0 times is no limit.")
    watchers: Positive = Field(5, description="Resumes that a person may watch at once, at each process.")
    watch_poll: Seconds = Field(5.0, description="Seconds between two looks for changes that nobody was told of.")
    removal_interval: Seconds = Field(30.0, description="Seconds between two looks for files to be removed.")
