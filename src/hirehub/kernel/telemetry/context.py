"""Which request and which run the present work belongs to, so that every log line says it.

Context variables: each asyncio task has its own copy, so nothing leaks from one request into another.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

REQUEST_ID: ContextVar[str | None] = ContextVar("hirehub_request_id", default=None)
RUN_ID: ContextVar[str | None] = ContextVar("hirehub_run_id", default=None)

_ACCEPTED = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


_process = secrets.token_hex(8)
_numbers = count(1)


def new_request_id() -> str:
    """An id for a request that came without one: random a process, then counted, as it is made for every request."""
    return f"{_process}-{next(_numbers):x}"


def accepted_request_id(told: str | None) -> str:
    """The caller's id where it is short and plain enough to stand in a log; else a new one."""
    return told if told and _ACCEPTED.fullmatch(told) else new_request_id()


@contextmanager
def bound(*, request_id: str | None = None, run_id: str | None = None) -> Iterator[None]:
    """Names the request or the run for everything inside the block."""
    request = REQUEST_ID.set(request_id) if request_id is not None else None
    run = RUN_ID.set(run_id) if run_id is not None else None
    try:
        yield
    finally:
        if request is not None:
            REQUEST_ID.reset(request)
        if run is not None:
            RUN_ID.reset(run)
