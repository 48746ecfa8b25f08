"""What `resume` does by itself: removes files whose rows are gone, forgets old keys."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.blobs import Blobs
from hirehub.kernel.db import Database
from hirehub.kernel.http.idempotency import forget_old
from hirehub.services.resume.settings import ResumeSettings
from hirehub.services.resume.store import resumes

_MOST: Final = 100
_HOUR: Final = 3_600.0


async def keep_clean(db: Database, blobs: Blobs, settings: ResumeSettings) -> None:
    """Removes files for ever; several processes share the work."""

    async def more() -> bool:
        return await remove_files(db, blobs) == _MOST

    await every(settings.removal_interval, more, name="resume.files")


async def forget_keys(db: Database) -> None:
    """Forgets Idempotency-Keys of more than a day ago, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await every(_HOUR, all_old, name="resume.keys")


async def remove_files(db: Database, blobs: Blobs) -> int:
    """Removes files that are asked to go; how many askings. Cut off, it is done again."""
    async with db.transaction() as tx:
        prefixes = await resumes.asked(tx, _MOST)
        for prefix in prefixes:
            await blobs.remove(prefix)
        await resumes.removed(tx, prefixes)
    return len(prefixes)
