"""Settings of the service `ai` (prefix `HIREHUB_AI__`)."""

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

from hirehub.kernel.settings import Mebibytes, OptionalTarget, PathSetting, Port, Positive, Seconds, SettingsGroup

_ANEW: Final = "Another one has everything matched anew in the background."
Weight = Annotated[int, Field(ge=0, le=1000)]
OptionalText = Annotated[str | None, BeforeValidator(lambda value: value or None), Field(max_length=1000)]


class FileSettings(BaseModel, frozen=True):
    """The rows of one domain."""

    file: PathSetting = Field(None, description="A .pkl or .parquet file, or a folder of either.")
    columns: str | None = Field(None, description="Names of its columns: a preset, or a TOML file.")


class LimitSettings(BaseModel, frozen=True):
    """What reading one pickle may take; it happens in a process of its own."""

    file_bytes: Positive = Field(2_147_483_648, description="Bytes that a pickle, and the rows out of it, may have.")
    memory: Mebibytes = Field(4096, description="MiB that reading a pickle may take.")
    seconds: Seconds = Field(300.0, description="Seconds that reading a pickle may take.")
    rows: Positive = Field(10_000_000, description="Rows that a pickle may have.")


class ResumeSettings(BaseModel, frozen=True):
    """The work on resumes."""

    workers: Positive = Field(2, description="Resumes that are read at once.")
    attempts: Positive = Field(8, description="Times that a resume is tried while a service does not answer.")
    backoff: Seconds = Field(1.0, description="Seconds before the second attempt; doubled each time.")
    poll: Seconds = Field(15.0, description="Seconds between two looks for work that nobody was told of.")
    memory: Mebibytes = Field(470, description="MiB that reading one resume may take.")
    seconds: Seconds = Field(20.0, description="Seconds that reading one resume may take.")


class WeightSettings(BaseModel, frozen=True):
    """How much each part of a score counts, against the others."""

    skill: Weight = Field(50, description=f"Weight of the skills. {_ANEW}")
    experience: Weight = Field(35, description=f"Weight of the experience. {_ANEW}")
    culture: Weight = Field(15, description=f"Weight of work form, place, remote work and languages. {_ANEW}")


class MatchingSettings(BaseModel, frozen=True):
    """Posts held against resumes."""

    workers: Positive = Field(2, description="Posts and resumes that are matched at once.")
    candidates: Positive = Field(300, description="Candidates by vector, and as many by skill, for one post or resume.")
    told: Positive = Field(100, description="Pairs of the best that one post or resume makes.")
    weights: WeightSettings = WeightSettings()
    attempts: Positive = Field(
        8, description="Times that one is tried until it is logged as failed; while a service is silent it is tried on."
    )
    backoff: Seconds = Field(
        1.0, description="Seconds before the second attempt; doubled each time, up to five minutes."
    )
    poll: Seconds = Field(15.0, description="Seconds between two looks for work that nobody was told of.")


class FreshSettings(BaseModel, frozen=True):
    """Vectors of posts and resumes on their way to `vectors`."""

    send: bool = Field(True, description="Whether vectors are sent at all.")
    target: OptionalTarget = Field(
        None, description="HOST:PORT of the batch server; default the one in the same process."
    )
    batch: Positive = Field(200, description="Rows that one upload brings.")
    gather: Seconds = Field(0.5, description="Seconds for which an upload waits for more rows.")
    backoff: Seconds = Field(1.0, description="Seconds before an upload is tried again; doubled each time.")
    backoff_limit: Seconds = Field(60.0, description="Most seconds between two attempts.")
    poll: Seconds = Field(30.0, description="Seconds between two looks for rows that nobody was told of.")


class ModelSettings(BaseModel, frozen=True):
    """Who turns texts into vectors."""

    name: Annotated[str, Field(min_length=1, max_length=1000)] = Field(
        "all-MiniLM-L6-v2",
        description="The product's own model, a folder's path, a hub's ORG/NAME, a name at the endpoint, or none.",
    )
    revision: OptionalText = Field(None, description="Of a hub's model: a branch, tag or commit; main without it.")
    hub: OptionalText = Field(None, description="Address of the hub; without it huggingface.co.")
    url: OptionalText = Field(None, description="An OpenAI-compatible endpoint, such as https://HOST/v1.")
    key: SecretStr | None = Field(None, description="The endpoint's key.")
    dimension: Annotated[int, Field(ge=1, le=16_000)] | None = Field(
        None, description="Floats that a vector of the endpoint's model has."
    )
    batch: Annotated[int, Field(ge=1, le=2048)] = Field(64, description="Texts that one request to the endpoint holds.")
    timeout: Seconds = Field(30.0, description="Seconds that one request to the endpoint may take.")
    attempts: Annotated[int, Field(ge=1, le=20)] = Field(4, description="Times that a request is tried.")
    backoff: Seconds = Field(0.5, description="Seconds before the second attempt; doubled each time.")
    threads: Annotated[int, Field(ge=0, le=256)] = Field(
        0, description="Threads of a model that runs here; 0: one a processor, 4 at most."
    )


class AiSettings(SettingsGroup, env_prefix="HIREHUB_AI__"):
    """Everything of the service `ai`."""

    grpc_port: Port = Field(50051, description="Port of GetEmbeddings.")
    recruit: FileSettings = FileSettings()
    candidate: FileSettings = FileSettings()
    limits: LimitSettings = LimitSettings()
    streams: Positive = Field(64, description="Streams that are served at once.")
    readers: Positive = Field(2, description="Threads that read files.")
    resumes: ResumeSettings = ResumeSettings()
    matching: MatchingSettings = MatchingSettings()
    model: ModelSettings = ModelSettings()
    fresh: FreshSettings = FreshSettings()
    cache_dir: PathSetting = Field(None, description="Sorted copies of files; without it `ai` in the data directory.")
