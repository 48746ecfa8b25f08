"""Settings of the kernel, from the environment (prefix `HIREHUB_`, groups by `__`) and a `.env` file beside the caller.

Every service has its own group in its own module; nothing here knows their names. Secrets are `SecretStr`, so that
printing a settings object never shows one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from hirehub.kernel.addresses import is_target
from hirehub.kernel.errors import Invalid

Port = Annotated[int, Field(ge=0, le=65535)]
Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]
Mebibytes = Annotated[int, Field(gt=0)]


ENV_FILE = Path(".env")
"""Read in the caller's present folder."""


def _unset(value: object) -> object:
    """An empty text sets nothing."""
    return None if isinstance(value, str) and not value.strip() else value


def _at_home(value: object) -> object:
    """`~` is the home folder: a shell replaces it, a `.env` file does not."""
    return os.path.expanduser(value) if isinstance(value, str) else value  # noqa: PTH111 - Path's own raises for a user who is not there


def _sendable(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isprintable() and text == text.strip()):
        raise ValueError("a token is one line of ASCII without blanks around it, as a header carries it")
    return value


def _host_port(value: str) -> str:
    if not is_target(value):
        raise ValueError(f"{value[:100]!r} is not HOST:PORT")
    return value


def _rate(text: str) -> str:
    times, _, seconds = text.partition("/")
    if not (times.isdecimal() and seconds.isdecimal() and int(seconds) > 0):
        raise ValueError(f"{text[:40]!r} is not TIMES/SECONDS, such as 10/60; 0/60 is no limit")
    return text


PathSetting = Annotated[Path | None, BeforeValidator(_at_home), BeforeValidator(_unset)]
Target = Annotated[str, AfterValidator(_host_port)]
Token = Annotated[SecretStr, AfterValidator(_sendable)]
OptionalTarget = Annotated[Target | None, BeforeValidator(_unset)]
Rate = Annotated[str, AfterValidator(_rate)]
"""A limit as TIMES/SECONDS; 0 times is no limit."""


class InvalidSettings(Invalid):
    """A setting has a value that cannot be used."""

    code = "invalid_settings"


class SettingsGroup(BaseSettings):
    """Base of all settings classes. A subclass gives its prefix: `class X(SettingsGroup, env_prefix="HIREHUB_X__")`."""

    model_config = SettingsConfigDict(
        env_nested_delimiter="__", env_file=ENV_FILE, extra="ignore", frozen=True, validate_default=True
    )


class DatabaseSettings(BaseModel, frozen=True):
    """Where PostgreSQL is, and the bounds under which it is used."""

    url: SecretStr | None = Field(None, description="A PostgreSQL server instead of the embedded one.")
    reader_url: SecretStr | None = Field(None, description="A server for reads that may be a moment old.")
    role_secret: SecretStr | None = Field(
        None, description="Seed of the service roles' passwords; without it one is made and kept in the data directory."
    )
    pool_size: Positive = Field(10, description="Connections a process may hold to one database.")
    connect_timeout: Seconds = Field(10.0, description="Seconds to wait for a connection.")
    statement_timeout: Seconds = Field(30.0, description="Seconds that an ordinary statement may take.")
    lock_timeout: Seconds = Field(5.0, description="Seconds that a statement may wait for a lock.")
    shared_buffers: Mebibytes = Field(512, description="Embedded server: MiB of shared buffers.")
    maintenance_memory: Mebibytes = Field(1024, description="Embedded server: MiB for building an index.")


class HttpSettings(BaseModel, frozen=True):
    """The HTTP listener of a process."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: Port = Field(8000, description="Port to listen on.")
    max_body: Positive = Field(1_048_576, description="Bytes that a request body may have.")
    request_timeout: Seconds = Field(30.0, description="Seconds that a request may take.")


class GrpcSettings(BaseModel, frozen=True):
    """gRPC listeners and channels of a process."""

    host: str = Field("127.0.0.1", description="Address to listen on; another than the loopback needs TLS or a token.")
    max_message: Positive = Field(16_777_216, description="Bytes that one message may have.")
    token: Token | None = Field(None, description="Bearer token asked of callers and sent to servers.")
    tls_certificate: PathSetting = Field(None, description="PEM file with this server's certificate chain.")
    tls_key: PathSetting = Field(None, description="PEM file with the certificate's key.")
    tls_client_ca: PathSetting = Field(None, description="PEM file with the authority whose clients are let in (mTLS).")
    tls_root: PathSetting = Field(None, description="PEM file with the authority that our channels trust.")
    tls: bool = Field(False, description="Open channels over TLS.")
    tls_client_certificate: PathSetting = Field(None, description="PEM file that our channels show (mTLS).")
    tls_client_key: PathSetting = Field(None, description="PEM file with the key of the shown certificate.")
    keepalive: Seconds = Field(30.0, description="Seconds between keep-alive pings.")
    deadline: Seconds = Field(10.0, description="Seconds that a call with one answer may take.")
    idle_timeout: Seconds = Field(60.0, description="Seconds without a message after which a stream is given up.")


class CacheSettings(BaseModel, frozen=True):
    """Where answers are kept."""

    url: SecretStr | None = Field(None, description="Redis, as redis://HOST:PORT/DB; without it the process's memory.")
    prefix: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.:-]*$")] = Field(
        "", description="Before all names in Redis, where several installations share one; as in acme:."
    )
    memory: Mebibytes = Field(64, description="MiB that the cache inside a process may hold.")
    ttl: Seconds = Field(300.0, description="Seconds that a cached answer lives.")


class LogSettings(BaseModel, frozen=True):
    """What is logged, and how; always on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is written.")
    format: Literal["auto", "json", "console"] = Field("auto", description="auto: console on a terminal, else JSON.")


class TelemetrySettings(BaseModel, frozen=True):
    """Traces leave the process only where an address is set."""

    otlp_endpoint: str | None = Field(None, description="OpenTelemetry collector (OTLP over gRPC).")
    service_name: str = Field("hirehub", description="Name under which this process reports.")


def _asymmetric(value: object) -> object:
    """Takes "RS256,ES256" as well as a sequence; what a shared secret signs is never taken."""
    words = value.split(",") if isinstance(value, str) else value
    names = tuple(str(word).strip() for word in words) if isinstance(words, tuple | list) else ()
    if not names or not set(names) <= {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}:
        raise ValueError("algorithms with a public key, such as RS256,ES256")
    return names


class AuthSettings(BaseModel, frozen=True):
    """Whose tokens are taken: our own, and those of an OIDC issuer elsewhere."""

    key: SecretStr | None = Field(
        None,
        description="PEM of the P-256 key that signs our tokens; without it one is kept in the data directory.",
    )
    name: str = Field("hirehub", description="Issuer (iss) and audience (aud) of our own tokens.")
    lifetime: Annotated[int, Field(ge=10, le=600)] = Field(600, description="Seconds that an access token lives.")
    skew: Annotated[int, Field(ge=0, le=300)] = Field(30, description="Seconds by which clocks may differ.")
    issuer: Annotated[str | None, BeforeValidator(_unset)] = Field(
        None, description="An OIDC issuer whose tokens are taken too (iss), such as Cognito's user pool."
    )
    issuer_audience: Annotated[str | None, BeforeValidator(_unset)] = Field(
        None, description="The audience (aud) that the issuer's tokens must name: our client id there."
    )
    issuer_jwks: Annotated[str | None, BeforeValidator(_unset)] = Field(
        None, description="Address of the issuer's keys; without it the issuer's own .well-known/jwks.json."
    )
    issuer_algorithms: Annotated[tuple[str, ...], BeforeValidator(_asymmetric), NoDecode] = Field(
        ("RS256", "ES256"), description="Algorithms of the issuer's tokens, by commas."
    )
    issuer_cache: Seconds = Field(600.0, description="Seconds that the issuer's keys are kept.")


class MailSettings(BaseModel, frozen=True):
    """How mails leave; without a host they are kept in the data directory."""

    host: Annotated[str | None, BeforeValidator(_unset)] = Field(None, description="SMTP server.")
    port: Port = Field(587, description="Port of the SMTP server.")
    tls: Literal["starttls", "implicit", "none"] = Field("starttls", description="How the connection is protected.")
    user: str = Field("", description="Name to log in with; empty: no log-in.")
    password: SecretStr | None = Field(None, description="Password to log in with.")
    sender: str = Field("hirehub@localhost", description="Address that mails come from.")
    timeout: Seconds = Field(20.0, description="Seconds that the server may take.")


def default_data_dir() -> Path:
    """The user's data folder of the XDG rules: the same for `make up` and for a command typed elsewhere."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "hirehub"


DataDir = Annotated[
    Path,
    BeforeValidator(_at_home),
    BeforeValidator(lambda value: default_data_dir() if _unset(value) is None else value),
]


class Settings(SettingsGroup, env_prefix="HIREHUB_"):
    """Everything that more than one service needs."""

    data_dir: DataDir = Field(default_factory=default_data_dir, description="Everything the embedded mode keeps.")
    database: DatabaseSettings = DatabaseSettings()
    http: HttpSettings = HttpSettings()
    grpc: GrpcSettings = GrpcSettings()
    cache: CacheSettings = CacheSettings()
    auth: AuthSettings = AuthSettings()
    mail: MailSettings = MailSettings()
    services: dict[str, str] = Field({}, description="Addresses of services that run elsewhere, by name.")
    log: LogSettings = LogSettings()
    telemetry: TelemetrySettings = TelemetrySettings()


S = TypeVar("S", bound=SettingsGroup)


@contextmanager
def env_file_named() -> Iterator[None]:
    """Around what reads the `.env` file: InvalidSettings where that is no text."""
    try:
        yield
    except UnicodeDecodeError:
        place = ENV_FILE.absolute()
        raise InvalidSettings(f"{place} is no text in UTF-8", hint="Save it as UTF-8, then try again.") from None


def load(kind: type[S], **overrides: Any) -> S:  # noqa: ANN401 - any field of any group
    """Reads a settings class; a wrong value raises InvalidSettings that names the variable."""
    try:
        with env_file_named():
            return kind(**overrides)
    except SettingsError as error:
        hint = "A whole group is set as JSON; its settings can be set one by one."
        raise InvalidSettings(f"{kind.model_config.get('env_prefix')}: {error}", hint=hint) from None
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        first = error.errors()[0]
        words = takewhile(lambda part: isinstance(part, str), first["loc"])
        name = prefix + "__".join(str(word) for word in words).upper()
        said = first["msg"].removeprefix("Value error, ")
        raise InvalidSettings(f"{name}: {said}", hint=f"Correct {name}, then try again.") from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The kernel's settings of this process, read once."""
    return load(Settings)
