"""Who calls: signed tokens, one verifier for our own and an OIDC issuer's, and what routes ask of a caller.

Signing keys never leave the process that signs; everybody else needs the public half (JWKS) only. FastAPI is imported
by `dependencies` alone, cryptography where a token is first signed or read.
"""

from hirehub.kernel.auth.principal import (
    Directory,
    Forbidden,
    Identity,
    Principal,
    Unauthenticated,
)

__all__ = ["Directory", "Forbidden", "Identity", "Principal", "Unauthenticated"]
