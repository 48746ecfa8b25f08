"""What `resume` does by itself: removes files whose rows are gone, forgets old keys."""

import asyncio
from typing import Final

from hirehub.kernel.blobs import Blobs
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.idempotency import forget_old
from hirehub.kernel.telemetry import get_logger
from hirehub.services.resume.settings import ResumeSettings
from hirehub.services.resume.store import resumes

_MOST: Final = 100

_log = get_logger(__name__)


async def keep_clean(db: Database, blobs: Blobs, settings: ResumeSettings) -> None:
    """Works for ever; several processes share the work."""
    while True:
        try:
            while await remove_files(db, blobs) == _MOST:
                pass
            async with db.transaction() as tx:
                await forget_old(tx)
        except HirehubError as error:
            _log.warning("resume_work_waits", code=error.code)
        await asyncio.sleep(settings.removal_interval)


async def remove_files(db: Database, blobs: Blobs) -> int:
    """Removes files that are asked to go; how many askings. Cut off, it is done again."""
    async with db.transaction() as tx:
        prefixes = await resumes.asked(tx, _MOST)
        for prefix in prefixes:
            await blobs.remove(prefix)
        await resumes.removed(tx, prefixes)
    return len(prefixes)
