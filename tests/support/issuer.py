"""An OIDC issuer elsewhere, for tests: keys of its own, served over HTTP, and tokens that it signs."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from hirehub.kernel.http import HttpServer
from hirehub.kernel.settings import AuthSettings

NAME = "https://issuer.example/pool"
AUDIENCE = "our-client"


@dataclass
class Issuer:
    """Its keys by name. `asked` counts how often they were fetched."""

    keys: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    asked: int = 0
    answers: bool = True

    def add_key(self, kid: str, algorithm: str = "RS256") -> None:
        """Makes a key."""
        self.keys[kid] = (
            rsa.generate_private_key(65537, 2048) if algorithm[0] == "R" else ec.generate_private_key(ec.SECP256R1())
        )

    def document(self) -> bytes:
        """Its JWKS document."""
        found = []
        for kid, key in self.keys.items():
            form = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
            found.append({**form.to_jwk(key.public_key(), as_dict=True), "kid": kid})
        return json.dumps({"keys": found}).encode()

    def token(
        self,
        kid: str = "one",
        algorithm: str = "RS256",
        key: Any = None,
        more: Mapping[str, object] | None = None,
        **claims: Any,
    ) -> str:
        """A token; a claim that is None is left out."""
        now = datetime.now(UTC)
        whole = {
            "iss": NAME,
            "aud": AUDIENCE,
            "sub": "somebody",
            "email": "somebody@example.com",
            "email_verified": True,
            "exp": now + timedelta(minutes=5),
            **claims,
            **(more or {}),
        }
        stated = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(stated, key or self.keys[kid], algorithm, {"kid": kid})

    async def fetch(self, _url: str) -> bytes:
        """What the verifier asks for the keys, without a network."""
        self.asked += 1
        if not self.answers:
            raise OSError
        return self.document()

    @property
    def settings(self) -> AuthSettings:
        """Settings that take its tokens."""
        return AuthSettings(issuer=NAME, issuer_audience=AUDIENCE, issuer_jwks=self.url or None)


@asynccontextmanager
async def running_issuer() -> AsyncIterator[Issuer]:
    """An issuer whose keys are served over HTTP."""
    issuer = Issuer()
    issuer.add_key("one")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        issuer.asked += 1
        body = issuer.document()
        headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async with HttpServer(app, host="127.0.0.1", port=0, grace=1) as server:
        issuer.url = f"{server.url}/keys"
        yield issuer
