"""A resume's status as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from hirehub.services.resume.domain.reasons import reason_in_words
from hirehub.services.resume.usecases.watching import Watch

_BEAT: Final = 10.0
"""Seconds without news after which a comment keeps the connection open."""
_MOST_SECONDS: Final = 600.0


class WatchResponse(StreamingResponse):
    """Shows a watching, and ends it however the answer ends: also before its first byte."""

    def __init__(self, watch: Watch) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(_shown(watch), headers=headers, media_type="text/event-stream")
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._watch.end()


async def _shown(watch: Watch) -> AsyncIterator[bytes]:
    """An event for each change of status; the last one is `ready`, `error`, or `removed`. At most ten minutes."""
    clock = asyncio.get_running_loop().time
    until = clock() + _MOST_SECONDS
    while clock() < until:
        if not await watch.changed(_BEAT) or (state := watch.state) is None:
            yield b": still here\n\n"
            continue
        told = {"id": str(watch.resume_id), "status": state.status, "status_reason": state.reason}
        told["status_message"] = reason_in_words(state.reason)
        yield f"event: status\ndata: {json.dumps(told)}\n\n".encode()
        if state.status != "processing":
            return
