"""A resume's status as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from hirehub.kernel.db import Database
from hirehub.services.resume.store import resumes

_SECONDS: Final = 0.5
_BEAT: Final = 20
"""So many looks without news, then a comment keeps the connection open."""
_LOOKS: Final = 1_200


async def watched(db: Database, resume_id: UUID) -> AsyncIterator[bytes]:
    """An event for each change of status; the last one is `ready`, `error`, or `removed`. At most ten minutes."""
    known: str | None = None
    for look in range(_LOOKS):
        async with db.transaction() as tx:
            found = await resumes.get(tx, resume_id)
        status = "removed" if found is None else found.status
        if status != known:
            reason = None if found is None else found.status_reason
            data = json.dumps({"id": str(resume_id), "status": status, "status_reason": reason})
            yield f"event: status\ndata: {data}\n\n".encode()
            known = status
        elif look % _BEAT == 0:
            yield b": still here\n\n"
        if status != "processing":
            return
        await asyncio.sleep(_SECONDS)
