"""Tokens that we give out and know again by a digest: 256 random bits, so that a plain digest is enough."""

import hashlib
import secrets
from typing import Final

LARGEST: Final = 64
_BYTES: Final = 32


def new_token() -> tuple[str, bytes]:
    """A token, and what of it is stored."""
    token = secrets.token_urlsafe(_BYTES)
    return token, digest(token)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
