"""Tokens: ours are read back, and nothing that anybody could make without our key is taken for one."""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import SecretStr

from hirehub.kernel.auth import Identity, Principal, Unauthenticated
from hirehub.kernel.auth.issuer import IssuerUnavailable
from hirehub.kernel.auth.keys import SigningKey, signing_key
from hirehub.kernel.auth.tokens import TYPE, Signer
from hirehub.kernel.auth.verifier import Verifier
from hirehub.kernel.clock import FixedClock
from hirehub.kernel.settings import AuthSettings, InvalidSettings, Settings, load
from tests.support.issuer import AUDIENCE, NAME, Issuer

OWN = AuthSettings()
ID = UUID("0190a5a0-0000-7000-8000-000000000001")
PERSON = Principal(str(ID), ID, "company", session_id=UUID("0190a5a0-0000-7000-8000-000000000002"))


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def issuer() -> Issuer:
    issuer = Issuer()
    issuer.add_key("one")
    return issuer


def claims(**more: Any) -> dict[str, Any]:
    """Claims of a good token of ours."""
    good = {"iss": "hirehub", "aud": "hirehub", "sub": str(ID), "user_type": "company"}
    return {**good, "exp": datetime.now(UTC) + timedelta(minutes=5), **more}


def signed(key: SigningKey, stated: dict[str, Any], **header: Any) -> str:
    """A token that our key has signed."""
    return jwt.encode(stated, key.private, "ES256", {"kid": key.kid, "typ": TYPE, **header})


async def test_a_person_and_a_service_are_read_back_as_they_were_signed(key: SigningKey) -> None:
    signer, verifier = Signer(OWN, key), Verifier(OWN, key)
    assert await verifier.verify(signer.sign(PERSON)) == PERSON
    service = await verifier.verify(signer.for_service("match"))
    assert isinstance(service, Principal)
    assert (service.subject, service.is_service, service.user_id) == ("service:match", True, None)


async def test_a_token_that_was_found_good_is_remembered_no_longer_than_it_lives(key: SigningKey) -> None:
    settings = AuthSettings(skew=0)
    now = datetime.now(UTC)
    verifier = Verifier(settings, key)
    token = Signer(settings, key, FixedClock(now - timedelta(seconds=settings.lifetime - 2))).sign(PERSON)
    assert await verifier.verify(token) == await verifier.verify(token) == PERSON
    with pytest.raises(Unauthenticated):
        await verifier.verify(f"{token[:-4]}AAAA")
    await asyncio.sleep((now + timedelta(seconds=2.05) - datetime.now(UTC)).total_seconds())
    with pytest.raises(Unauthenticated, match="it has ended"):
        await verifier.verify(token)


@pytest.mark.parametrize(("after", "good"), [(0, True), (629, True), (631, False), (-31, False)])
async def test_a_token_is_good_for_ten_minutes_give_or_take_the_clocks(key: SigningKey, after: int, good: bool) -> None:
    began = FixedClock(datetime.now(UTC) - timedelta(seconds=after))
    token = Signer(OWN, key, began).sign(PERSON)
    if good:
        assert await Verifier(OWN, key).verify(token) == PERSON
    else:
        with pytest.raises(Unauthenticated):
            await Verifier(OWN, key).verify(token)


def _unsigned(key: SigningKey) -> str:
    head = urlsafe_b64encode(json.dumps({"alg": "none", "typ": TYPE, "kid": key.kid}).encode()).rstrip(b"=")
    body = jwt.encode(claims(), key.private, "ES256").split(".")[1]
    return f"{head.decode()}.{body}."


def _signed_with_the_public_key(key: SigningKey) -> str:
    """What works where a verifier lets a token choose its algorithm."""
    import hashlib
    import hmac

    pem = key.public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    head = urlsafe_b64encode(json.dumps({"alg": "HS256", "typ": TYPE, "kid": key.kid}).encode()).rstrip(b"=").decode()
    body = jwt.encode(claims(), key.private, "ES256").split(".")[1]
    mark = hmac.new(pem, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def _changed(key: SigningKey) -> str:
    head, body, mark = signed(key, claims()).split(".")
    other = jwt.encode(claims(user_type="admin"), key.private, "ES256").split(".")[1]
    assert other != body
    return f"{head}.{other}.{mark}"


STRANGER = SigningKey(ec.generate_private_key(ec.SECP256R1()))
BAD: dict[str, Callable[[SigningKey], str]] = {
    "not signed": _unsigned,
    "signed with what everybody knows": _signed_with_the_public_key,
    "changed after it was signed": _changed,
    "signed by somebody else": lambda key: signed(STRANGER, claims(), kid=key.kid),
    "of another key": lambda _: signed(STRANGER, claims()),
    "of another type": lambda key: signed(key, claims(), typ="JWT"),
    "for somebody else": lambda key: signed(key, claims(aud="others")),
    "without an audience": lambda key: signed(key, {k: v for k, v in claims().items() if k != "aud"}),
    "without an end": lambda key: signed(key, {k: v for k, v in claims().items() if k != "exp"}),
    "without a type of user": lambda key: signed(key, {k: v for k, v in claims().items() if k != "user_type"}),
    "of nobody": lambda key: signed(key, claims(sub="somebody")),
    "of an unknown issuer": lambda key: signed(key, claims(iss="others")),
    "not good yet": lambda key: signed(key, claims(nbf=datetime.now(UTC) + timedelta(minutes=1))),
    "too long": lambda key: signed(key, claims(more="x" * 9000)),
    "no token": lambda _: "a.b.c",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_token_is_refused_without_repeating_it(key: SigningKey, name: str) -> None:
    token = BAD[name](key)
    with pytest.raises(Unauthenticated) as refused:
        await Verifier(OWN, key).verify(token)
    assert 'error="invalid_token"' in str(refused.value.facts["www_authenticate"])
    assert not token or token not in str(vars(refused.value))


async def test_a_token_of_the_issuer_is_read_as_an_identity(key: SigningKey, issuer: Issuer) -> None:
    found = await Verifier(issuer.settings, key, issuer.fetch).verify(issuer.token())
    assert found == Identity(NAME, "somebody", "somebody@example.com", email_verified=True, user_type=None)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "others"},
        {"aud": None},
        {"sub": None},
        {"sub": "s" * 256},
        {"exp": datetime(2020, 1, 1, tzinfo=UTC)},
        {"nbf": datetime(2100, 1, 1, tzinfo=UTC)},
        {"iss": "https://issuer.example/other"},
        {"iss": "hirehub", "aud": "hirehub"},
        {"kid": "unknown", "key": ec.generate_private_key(ec.SECP256R1()), "algorithm": "ES256"},
        {"algorithm": "RS512"},
        {"algorithm": "PS256"},
    ],
)
async def test_a_bad_token_of_the_issuer_is_refused(key: SigningKey, issuer: Issuer, change: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await Verifier(issuer.settings, key, issuer.fetch).verify(issuer.token(**change))


async def test_the_issuer_s_keys_are_fetched_once_and_again_for_a_new_one_but_not_for_every_name(
    key: SigningKey, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier = Verifier(issuer.settings, key, issuer.fetch)
    for _ in range(3):
        await verifier.verify(issuer.token())
    assert issuer.asked == 1
    for number in range(5):
        with pytest.raises(Unauthenticated):
            await verifier.verify(issuer.token(kid=f"unknown{number}", key=issuer.keys["one"]))
    assert issuer.asked == 1, "within ten seconds nobody makes us ask again"
    monkeypatch.setattr("hirehub.kernel.auth.issuer._PAUSE", 0.0)
    issuer.add_key("two", "ES256")
    found = await verifier.verify(issuer.token(kid="two", algorithm="ES256"))
    assert isinstance(found, Identity)
    assert issuer.asked == 2


async def test_keys_that_cannot_be_had_are_told_as_such(key: SigningKey, issuer: Issuer) -> None:
    issuer.answers = False
    verifier = Verifier(issuer.settings, key, issuer.fetch)
    with pytest.raises(IssuerUnavailable):
        await verifier.verify(issuer.token())
    assert await verifier.verify(Signer(issuer.settings, key).sign(PERSON)) == PERSON


@pytest.mark.parametrize(
    "settings",
    [AuthSettings(issuer=NAME), AuthSettings(issuer="hirehub", issuer_audience=AUDIENCE)],
)
def test_an_issuer_that_cannot_be_told_apart_is_refused_at_start(key: SigningKey, settings: AuthSettings) -> None:
    with pytest.raises(InvalidSettings):
        Verifier(settings, key)


def test_algorithms_are_words_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_AUTH__ISSUER_ALGORITHMS", "RS256, EdDSA")
    assert load(Settings).auth.issuer_algorithms == ("RS256", "EdDSA")


@pytest.mark.parametrize("algorithms", ["HS256", "none", "RS256,HS256", ""])
def test_algorithms_without_a_public_key_are_no_setting(algorithms: str) -> None:
    with pytest.raises(ValueError, match="public key"):
        AuthSettings.model_validate({"issuer_algorithms": algorithms})


def test_a_key_is_made_once_for_its_owner_alone_or_given(tmp_path: Path) -> None:
    made, again = (signing_key(Settings(data_dir=tmp_path)) for _ in range(2))
    pem = (tmp_path / "secrets" / "token-key.pem").read_text()
    given = signing_key(Settings(data_dir=tmp_path / "other", auth=AuthSettings(key=SecretStr(pem))))
    assert made.jwk == again.jwk == given.jwk
    assert not (tmp_path / "other").exists()
    assert (tmp_path / "secrets" / "token-key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("pem", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_is_no_key_is_told_by_its_setting(tmp_path: Path, pem: str) -> None:
    with pytest.raises(InvalidSettings, match="HIREHUB_AUTH__KEY"):
        signing_key(Settings(data_dir=tmp_path, auth=AuthSettings(key=SecretStr(pem))))
