"""One verifier for all tokens: our own, and those of a configured OIDC issuer.

Which rules hold for a token follows from the issuer that it names, and each issuer has its own keys and its own list of
algorithms: a token can never choose how it is checked.

A token of ours that was found good is remembered until it ends, by its digest: its signature is checked once, not at
every request.
"""

import time
from collections import OrderedDict
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import jwt

from hirehub.kernel.auth.issuer import Fetch, IssuerKeys, claims_text, fetch
from hirehub.kernel.auth.keys import ALGORITHM, SigningKey
from hirehub.kernel.auth.principal import Identity, Principal, Unauthenticated
from hirehub.kernel.auth.tokens import SERVICE_PREFIX, TYPE
from hirehub.kernel.settings import AuthSettings, InvalidSettings

_LARGEST: Final = 8192
_REMEMBERED: Final = 2000
_REQUIRED: Final = ["iss", "aud", "exp", "sub"]
_REASONS: Final[tuple[tuple[type[jwt.PyJWTError], str], ...]] = (
    (jwt.ExpiredSignatureError, "it has ended"),
    (jwt.ImmatureSignatureError, "it is not good yet"),
    (jwt.InvalidAudienceError, "it is for somebody else"),
    (jwt.MissingRequiredClaimError, "it lacks a claim"),
)


class Verifier:
    """Reads tokens. `fetch` gets the issuer's keys."""

    def __init__(self, settings: AuthSettings, key: SigningKey, fetch: Fetch = fetch) -> None:
        self._settings, self._key = settings, key
        self._issuer_keys: IssuerKeys | None = None
        self._good: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()
        if settings.issuer is not None:
            if settings.issuer_audience is None:
                raise InvalidSettings(
                    "HIREHUB_AUTH__ISSUER is set without HIREHUB_AUTH__ISSUER_AUDIENCE",
                    hint="Name the audience of its tokens: the client id.",
                )
            if settings.issuer == settings.name:
                raise InvalidSettings(
                    "HIREHUB_AUTH__ISSUER is the name of our own tokens", hint="Set HIREHUB_AUTH__NAME to another."
                )
            self._issuer_keys = IssuerKeys(settings, fetch)

    async def verify(self, token: str) -> Principal | Identity:
        """A principal for a token of ours, an identity for one of the issuer's; Unauthenticated for all others."""
        if len(token) > _LARGEST:
            raise Unauthenticated.bad_token("it is too long")
        digest = blake2b(token.encode("utf-8", "surrogatepass"), digest_size=24).digest()
        known = self._good.get(digest)
        if known is not None and time.time() < known[1]:
            return known[0]
        try:
            header, unchecked = jwt.get_unverified_header(token), _peek(token)
            issuer = unchecked.get("iss")
            if issuer == self._settings.name:
                return self._own(token, header, digest)
            if self._issuer_keys is not None and issuer == self._settings.issuer:
                return await self._foreign(token, header, self._issuer_keys)
        except jwt.PyJWTError as error:
            reason = next((words for kind, words in _REASONS if isinstance(error, kind)), "it cannot be read")
            raise Unauthenticated.bad_token(reason) from None
        raise Unauthenticated.bad_token("its issuer is unknown")

    def _own(self, token: str, header: dict[str, Any], digest: bytes) -> Principal:
        if header.get("typ") != TYPE or header.get("kid") != self._key.kid:
            raise Unauthenticated.bad_token("it is of another kind or key")
        name = self._settings.name
        claims = self._decode(token, self._key.public, [ALGORITHM], name, name)
        principal = _principal(claims)
        self._good[digest] = principal, float(claims["exp"])
        if len(self._good) > _REMEMBERED:
            self._good.popitem(last=False)
        return principal

    async def _foreign(self, token: str, header: dict[str, Any], keys: IssuerKeys) -> Identity:
        kid = header.get("kid")
        key = await keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise Unauthenticated.bad_token("its key is unknown")
        if header.get("alg") not in self._settings.issuer_algorithms:
            raise Unauthenticated.bad_token("its algorithm is not taken")
        claims = self._decode(
            token,
            key,
            list(self._settings.issuer_algorithms),
            str(self._settings.issuer),
            str(self._settings.issuer_audience),
        )
        subject = claims_text(claims, "sub")
        if subject is None:
            raise Unauthenticated.bad_token("its subject is unusable")
        return Identity(
            issuer=str(self._settings.issuer),
            subject=subject,
            email=claims_text(claims, "email"),
            email_verified=claims.get("email_verified") in (True, "true"),
            user_type=claims_text(claims, "custom:user_type") or claims_text(claims, "user_type"),
        )

    def _decode(self, token: str, key: Any, algorithms: list[str], issuer: str, audience: str) -> dict[str, Any]:  # noqa: ANN401 - a key of the library
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=algorithms,
            issuer=issuer,
            audience=audience,
            leeway=self._settings.skew,
            options={"require": _REQUIRED},
        )
        return claims


def _peek(token: str) -> dict[str, Any]:
    """The claims as the token states them: good for choosing the rules, and for nothing else."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _principal(claims: dict[str, Any]) -> Principal:
    """The principal of claims that we have signed."""
    subject = str(claims["sub"])
    scopes = frozenset(str(claims.get("scope", "")).split())
    if subject.startswith(SERVICE_PREFIX):
        return Principal(subject, scopes=scopes)
    session = claims.get("sid")
    try:
        return Principal(subject, UUID(subject), str(claims["user_type"]), scopes, UUID(session) if session else None)
    except (KeyError, ValueError):
        raise Unauthenticated.bad_token("it cannot be read") from None
