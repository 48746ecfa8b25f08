"""Part `ai.worker`: reads resumes that wait, tells how that ended, and runs everything of `ai` that is not asked for.

A resume waits in a table. Whoever works it holds its row until the result is told: killed in between, somebody else
works it again, and the result is the same.
"""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Final

from hirehub.contracts.job import JobTexts
from hirehub.contracts.resume import ResumeFiles, ResumeProcessed, ResumeTexts
from hirehub.contracts.vectors import BatchServer
from hirehub.kernel.background import drained, every, foreseen
from hirehub.kernel.bus import Fact, publish
from hirehub.kernel.bus.joining import at_home
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError, Kind
from hirehub.kernel.module import Background, Part, PartContext
from hirehub.kernel.settings import load
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.embedding.model import Model
from hirehub.services.ai.fresh import FreshRows
from hirehub.services.ai.handlers import HANDLERS, MATCHING, READING
from hirehub.services.ai.matching.embedding import Vectors
from hirehub.services.ai.matching.matcher import Matcher
from hirehub.services.ai.matching.rules import renew, weights_of
from hirehub.services.ai.module import MODULE
from hirehub.services.ai.resume_reading import Read, read_resume
from hirehub.services.ai.sending import FreshSender
from hirehub.services.ai.settings import AiSettings, ResumeSettings
from hirehub.services.ai.store import match_work, tasks
from hirehub.services.ai.store.tasks import Step, Waiting
from hirehub.services.ai.text.limits import Limits

_HOUR: Final = 3_600.0
_PASSING: Final = (Kind.UNAVAILABLE, Kind.BUSY)
_FAULTS: Final = 3
"""Attempts at what breaks for no reason that passes."""

_log = get_logger(__name__)


class ResumeWorker:
    """Reads resumes one after the other; several of it share the work."""

    def __init__(self, db: Database, files: ResumeFiles, settings: ResumeSettings) -> None:
        self._db, self._files, self._settings = db, files, settings
        self._limits = Limits(memory=settings.memory, seconds=settings.seconds)
        self._stopping = threading.Event()

    async def run(self) -> None:
        """Works until cancelled."""
        news = asyncio.Event()
        end = self._db.ring(READING, news.set)
        self._stopping.clear()
        try:
            await drained(self.work_one, news=news, seconds=self._settings.poll, name="ai.resumes")
        finally:
            end()
            self._stopping.set()  # a file that is being read is given up, and read again by whoever is next

    async def work_one(self) -> bool:
        """Works one resume that is due; False where none is."""
        async with self._db.transaction() as tx:
            waiting = await tasks.claim(tx)
            if waiting is None:
                return False
            try:
                read = await self._read(waiting)
            except Exception as caught:  # noqa: BLE001 - whatever it is, it is this resume's alone
                error = foreseen(caught, name="ai.resumes")
                if waiting.attempts + 1 < self._attempts(error):
                    _log.warning("resume_put_off", code=error.code, attempts=waiting.attempts + 1)
                    await tasks.put_off(tx, waiting.resume_id, self._settings.backoff * 2**waiting.attempts)
                    return True
                read = _ended(error.code)
                await self._files.finish(waiting.resume_id, read.outcome)
            if read is not None:
                await publish(tx, [_told(waiting, read)])
            await tasks.done(tx, waiting.resume_id, read.steps if read else ())
            if read is not None and read.outcome["status"] == "ready":
                await match_work.ask(tx, "resume", [waiting.resume_id], match_work.RESUME)
                tx.announce(MATCHING)
        return True

    def _attempts(self, error: HirehubError) -> int:
        """Who does not answer may do so later; a fault is hardly ever another one the next time."""
        most = self._settings.attempts
        return most if error.kind in _PASSING else min(most, _FAULTS)

    async def _read(self, waiting: Waiting) -> Read | None:
        """Reads a resume and says so to its service; None for one that is gone."""
        content = await self._files.original(waiting.resume_id)
        if content is None:
            read = _ended("no_such_file")
        else:
            read = await asyncio.to_thread(
                read_resume,
                content,
                today=datetime.now(UTC).date(),
                limits=self._limits,
                stopping=self._stopping,
            )
        return read if await self._files.finish(waiting.resume_id, read.outcome) else None


def _ended(reason: str) -> Read:
    """The end of a resume that was not read at all."""
    return Read({"status": "error", "reason": reason}, [Step("pii_masking", 0, {}, reason)])


def _told(waiting: Waiting, read: Read) -> Fact:
    body = {"resume_id": waiting.resume_id, "user_id": waiting.user_id, "status": read.outcome["status"]}
    return Fact.of(ResumeProcessed.model_validate({**body, "reason": read.outcome.get("reason")}), source=MODULE.name)


async def build(context: PartContext) -> Part:
    """The part."""
    settings, kernel = load(AiSettings), context.settings
    home = await at_home(kernel, MODULE, handlers=HANDLERS, name="ai.worker")
    db = home.db
    files = context.port(ResumeFiles)  # type: ignore[type-abstract]  # a key, never called
    workers = [ResumeWorker(db, files, settings.resumes) for _ in range(settings.resumes.workers)]
    matching = _matching(context, db, settings)
    sending, notes = _sending(context, db, settings)

    return Part(
        background=[
            *home.background,
            *(Background(f"resumes {number}", worker.run) for number, worker in enumerate(workers, 1)),
            *matching,
            *sending,
        ],
        checks=[home.check],
        close=home.close,
        notes=notes,
    )


def _matching(context: PartContext, db: Database, settings: AiSettings) -> list[Background]:
    """The work of holding posts against resumes."""
    jobs = context.port(JobTexts)  # type: ignore[type-abstract]  # a key, never called
    texts = context.port(ResumeTexts)  # type: ignore[type-abstract]  # a key, never called
    vectors = Vectors(Model(settings.model, context.settings.data_dir), texts)
    matchers = [Matcher(db, jobs, texts, vectors, settings.matching) for _ in range(settings.matching.workers)]
    weights = weights_of(settings.matching)
    return [
        *(Background(f"matching {number}", matcher.run) for number, matcher in enumerate(matchers, 1)),
        Background("vectors", lambda: every(_HOUR, lambda: vectors.refresh(db), name="ai.vectors")),
        Background("rules", lambda: every(_HOUR, lambda: renew(db, weights), name="ai.rules")),
    ]


def _sending(context: PartContext, db: Database, settings: AiSettings) -> tuple[list[Background], list[str]]:
    """The work of sending vectors to `vectors`, where its address is known; else a note.

    The option `fresh_after` is waited for before anything is sent.
    """
    server, own = context.ports.get(BatchServer), settings.fresh
    if not own.send or not isinstance(server, BatchServer):
        return [], []
    target = own.target or server.target
    if target is None:
        hint = "to search posts and resumes there, set HIREHUB_AI__FRESH__TARGET to HOST:PORT of its batch server."
        return [], [f"No vectors are sent to `vectors`; {hint}"]
    sender = FreshSender(db, FreshRows(target, context.settings.grpc), server.wanted, own)
    begin = context.options.get("fresh_after")
    return [Background("fresh vectors", lambda: sender.run(begin if callable(begin) else None))], []
