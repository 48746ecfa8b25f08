"""Administrators' accounts: no route makes one, so whoever runs the machine does."""

from uuid import UUID

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings, load
from hirehub.services.user.settings import UserSettings
from hirehub.services.user.usecases.accounts import make_admin
from hirehub.services.user.usecases.hashing import Passwords


async def create_admin(settings: Settings, email: str, password: str) -> UUID:
    """Makes an administrator's account; EmailTaken. Address and password were looked at before."""
    hashing = Passwords(load(UserSettings).hashing)
    try:
        hashed = await hashing.hash(password)
        async with await open_database(settings, "user") as db, db.transaction() as tx:
            return await make_admin(tx, email=email, password_hash=hashed)
    finally:
        hashing.close()
