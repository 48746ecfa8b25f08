"""What `resume` does by itself: removes files whose rows are gone."""

from typing import Final

from hirehub.kernel.background import every
from hirehub.kernel.blobs import Blobs
from hirehub.kernel.db import Database
from hirehub.services.resume.settings import ResumeSettings
from hirehub.services.resume.store import resumes

_MOST: Final = 100


async def keep_clean(db: Database, blobs: Blobs, settings: ResumeSettings) -> None:
    """Removes files for ever; several processes share the work."""

    async def more() -> bool:
        return await remove_files(db, blobs) == _MOST

    await every(settings.removal_interval, more, name="resume.files")


async def remove_files(db: Database, blobs: Blobs) -> int:
    """Removes files that are asked to go; how many askings. Cut off, it is done again."""
    async with db.transaction() as tx:
        prefixes = await resumes.asked(tx, _MOST)
        for prefix in prefixes:
            await blobs.remove(prefix)
        await resumes.removed(tx, prefixes)
    return len(prefixes)
