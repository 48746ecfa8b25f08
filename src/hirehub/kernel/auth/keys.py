"""The key that signs our tokens (ES256 on P-256): given by a setting, or made once and kept for its owner alone."""

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from hirehub.kernel.data_dir import kept_secret
from hirehub.kernel.settings import InvalidSettings, Settings

ALGORITHM: Final = "ES256"


class SigningKey:
    """A private key, its public half as a JWK, and the name (`kid`) that follows from it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self.public = private.public_key()
        jwk: dict[str, Any] = ECAlgorithm.to_jwk(self.public, as_dict=True)
        # The thumbprint of RFC 7638: the members that make the key, in this order, without blanks.
        members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
        self.kid = urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()
        self.jwk = {**jwk, "kid": self.kid, "use": "sig", "alg": ALGORITHM}

    def document(self) -> dict[str, Any]:
        """The JWKS document: what others need in order to read our tokens."""
        return {"keys": [self.jwk]}


def signing_key(settings: Settings) -> SigningKey:
    """The key of this installation; InvalidSettings where HIREHUB_AUTH__KEY is none."""
    given = settings.auth.key
    if given is None:
        pem = kept_secret(settings.data_dir, "token-key.pem", _make)
    else:
        pem = given.get_secret_value().replace("\\n", "\n").encode()
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        private = None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        where = "HIREHUB_AUTH__KEY" if given is not None else "secrets/token-key.pem in the data directory"
        raise InvalidSettings(
            f"{where} is no private key on P-256",
            hint="Make one: openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt",
        )
    return SigningKey(private)


def _make() -> bytes:
    """A new key as PEM (PKCS#8)."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
