"""Who may listen where, and what is shown to whom: TLS, mTLS and bearer tokens out of the settings.

Plaintext without a token stays on the loopback; anything else is refused before a port is opened.
"""

import hmac
import ipaddress
import ssl
from pathlib import Path

import grpc
from pydantic import SecretStr

from hirehub.kernel.settings import GrpcSettings, InvalidSettings

_SCHEME = "Bearer "


class InsecureListener(InvalidSettings):
    """The settings would let anyone on the network in."""

    code = "insecure_listener"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address; a name other than localhost may mean anything."""
    if host.startswith("unix:") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def server_credentials(settings: GrpcSettings) -> grpc.ServerCredentials | None:
    """TLS of a listener, None for plaintext; raises InsecureListener where plaintext would be open to others."""
    if settings.tls_certificate is None and settings.tls_key is None:
        if settings.tls_client_ca is not None:
            raise InvalidSettings(
                "HIREHUB_GRPC__TLS_CLIENT_CA is set without a certificate of this server",
                hint="Set HIREHUB_GRPC__TLS_CERTIFICATE and HIREHUB_GRPC__TLS_KEY too.",
            )
        if not is_loopback(settings.host) and not _secret(settings.token):
            raise InsecureListener(
                f"gRPC would listen on {settings.host} in plaintext, open to anyone (HIREHUB_GRPC__HOST)",
                hint="Set HIREHUB_GRPC__TOKEN, or HIREHUB_GRPC__TLS_CERTIFICATE and HIREHUB_GRPC__TLS_KEY, "
                "or keep HIREHUB_GRPC__HOST on 127.0.0.1.",
            )
        return None
    certificate = _pem(settings.tls_certificate, "TLS_CERTIFICATE", "TLS_KEY")
    key = _pem(settings.tls_key, "TLS_KEY", "TLS_CERTIFICATE")
    _belong_together(settings.tls_certificate, settings.tls_key, "TLS_CERTIFICATE", "TLS_KEY")
    authority = _pem(settings.tls_client_ca, "TLS_CLIENT_CA") if settings.tls_client_ca else None
    return grpc.ssl_server_credentials(
        [(key, certificate)], root_certificates=authority, require_client_auth=authority is not None
    )


def channel_credentials(settings: GrpcSettings) -> grpc.ChannelCredentials | None:
    """TLS of a channel, None for plaintext."""
    if not settings.tls:
        return None
    root = _pem(settings.tls_root, "TLS_ROOT") if settings.tls_root else None
    if settings.tls_client_certificate is None and settings.tls_client_key is None:
        return grpc.ssl_channel_credentials(root)
    key = _pem(settings.tls_client_key, "TLS_CLIENT_KEY", "TLS_CLIENT_CERTIFICATE")
    certificate = _pem(settings.tls_client_certificate, "TLS_CLIENT_CERTIFICATE", "TLS_CLIENT_KEY")
    _belong_together(
        settings.tls_client_certificate, settings.tls_client_key, "TLS_CLIENT_CERTIFICATE", "TLS_CLIENT_KEY"
    )
    return grpc.ssl_channel_credentials(root, key, certificate)


def authorization(token: SecretStr | None) -> str | None:
    """The `authorization` header that shows the token; None without one."""
    return _SCHEME + _secret(token) if token is not None and _secret(token) else None


class TokenCheck:
    """Compares what a caller shows with the token, in a time that does not tell how much of it was right.

    The scheme's name may be written in either case, as HTTP has it.
    """

    def __init__(self, token: SecretStr | None) -> None:
        self._expected = _secret(token).encode()

    def passes(self, shown: str | bytes | None) -> bool:
        """Whether the header `authorization` holds the token; True where none is asked for."""
        if not self._expected:
            return True
        given = shown.encode("utf-8", "surrogateescape") if isinstance(shown, str) else shown or b""
        scheme, secret = given[: len(_SCHEME)], given[len(_SCHEME) :]
        return scheme.lower() == _SCHEME.lower().encode() and hmac.compare_digest(secret, self._expected)


def _secret(token: SecretStr | None) -> str:
    return token.get_secret_value() if token is not None else ""


def _belong_together(certificate: Path | None, key: Path | None, *names: str) -> None:
    """Raises InvalidSettings for a certificate and a key of which gRPC would only say that it cannot listen."""
    first, second = (f"HIREHUB_GRPC__{name}" for name in names)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(str(certificate), str(key), password="")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise InvalidSettings(
                f"{second} is not the key of {first}", hint="Name a certificate and its own key."
            ) from None
        raise InvalidSettings(
            f"{first} and {second} cannot be used ({(error.reason or 'unknown').lower().replace('_', ' ')})",
            hint="Name a certificate and its key in PEM, the key without a password.",
        ) from None


def _pem(path: Path | None, name: str, other: str = "") -> bytes:
    """A PEM file that a setting names."""
    if path is None:
        raise InvalidSettings(
            f"HIREHUB_GRPC__{other} is set without HIREHUB_GRPC__{name}", hint=f"Set HIREHUB_GRPC__{name} too."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidSettings(
            f"HIREHUB_GRPC__{name}: {path} cannot be read ({error.strerror})", hint="Name a PEM file that exists."
        ) from None
    if b"-----BEGIN " not in content:
        raise InvalidSettings(f"HIREHUB_GRPC__{name}: {path} holds no PEM", hint="Name a PEM file.")
    return content
