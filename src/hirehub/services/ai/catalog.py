"""Which file serves which domain, and what is in it now.

A file that changed is opened anew by the next request; streams under way keep the one they began with. A file that
cannot be read is told to each who asks, and tried again once it has changed.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hirehub.kernel.errors import Conflict, HirehubError, Kind, Missing, Unavailable
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.columns import Columns
from hirehub.services.ai.report import Report
from hirehub.services.ai.shape import Shape
from hirehub.services.ai.sources.library import Library, Stamp, stamp
from hirehub.services.ai.sources.source import Source

_log = get_logger(__name__)


class NotServed(Missing):
    """No file was given for the domain."""

    code = "not_served"


class UnreadableSource(Conflict):
    """The domain's file cannot be read; asking again is of no use before it is mended."""

    code = "unreadable_source"


class SourceNotReady(Unavailable):
    """The domain's file cannot be read at this moment."""

    code = "source_not_ready"


@dataclass(frozen=True)
class Choice:
    """A domain's file and the mapping of its columns."""

    shape: Shape
    path: Path
    columns: Columns


@dataclass
class _Shelf:
    """What is known of a choice's file."""

    choice: Choice
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    stamp: Stamp | None = None
    source: Source | None = None
    failure: HirehubError | None = None
    told: int = 0


class Catalog:
    """The domains' sources. Files are opened in threads of their own, so that one does not hold up the streams."""

    def __init__(self, choices: Mapping[str, Choice], library: Library) -> None:
        self._shelves = {domain: _Shelf(choice) for domain, choice in choices.items()}
        self._library = library
        self._openers = ThreadPoolExecutor(max(len(self._shelves), 1), thread_name_prefix="ai-open")

    async def prune(self) -> None:
        """Removes sorted copies of files that are gone."""
        await asyncio.get_running_loop().run_in_executor(self._openers, self._library.prune)

    def close(self) -> None:
        """Gives up what is being opened."""
        self._library.stopping.set()
        self._openers.shutdown(wait=False, cancel_futures=True)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that have a file."""
        return tuple(self._shelves)

    async def open(self, domain: str) -> Source:
        """The domain's rows as they are now; NotServed, UnreadableSource or SourceNotReady otherwise."""
        shelf = self._shelves.get(domain)
        if shelf is None:
            served = ", ".join(self._shelves) or "nothing"
            raise NotServed(
                f"no file is served for {domain}; there is {served}", hint=f"Start with --file {domain}=PATH."
            )
        loop = asyncio.get_running_loop()
        async with shelf.lock:
            try:
                present = await loop.run_in_executor(self._openers, stamp, shelf.choice.path)
                if present != shelf.stamp:
                    await self._load(shelf, present)
            except HirehubError as error:
                raise _wrapped(domain, error) from None
            if shelf.failure is not None:
                raise _wrapped(domain, shelf.failure)
            if shelf.source is None:
                raise RuntimeError("a shelf holds a source or a failure")
            return shelf.source

    async def _load(self, shelf: _Shelf, present: Stamp) -> None:
        """Opens the file in its present state, and remembers how that went."""
        choice = shelf.choice
        loop = asyncio.get_running_loop()
        shelf.failure = None
        try:
            shelf.source = await loop.run_in_executor(
                self._openers, self._library.open, choice.path, choice.shape, choice.columns
            )
        except HirehubError as error:
            shelf.source = None
            if error.kind is Kind.UNAVAILABLE:
                raise
            shelf.failure = error
            _log.warning("source_refused", domain=choice.shape.domain, code=error.code, reason=error.message)
        else:
            shelf.told = 0
            _log.info("source_opened", domain=choice.shape.domain, file=choice.path.name)
            self.tell(choice.shape.domain)
        shelf.stamp = present

    def report(self, domain: str) -> Report:
        """What is known of a domain's rows."""
        source = self._shelves[domain].source
        return source.report if source is not None else Report()

    def tell(self, domain: str) -> None:
        """Writes rows that cannot be sent into the log, when more of them are known than were told."""
        shelf = self._shelves[domain]
        report = self.report(domain)
        if report.held_back > shelf.told:
            shelf.told = report.held_back
            _log.warning(
                "rows_cannot_be_sent",
                domain=domain,
                count=report.held_back,
                causes={str(cause): count for cause, count in report.unsendable.items()},
                rows=[f"{row.file}:{row.row}" for row in report.examples],
            )

    def note(self, domain: str) -> str:
        """A line for the person who started it."""
        shelf, report = self._shelves[domain], self.report(domain)
        parts = [f"{domain}: {shelf.choice.path.name}, {report.rows:,} rows"]
        if report.held_back:
            parts.append(f"{report.held_back:,} cannot be sent ({report.examples[0]})")
        if report.bad_ids:
            parts.append(f"{report.bad_ids:,} without a UUID come first")
        return "; ".join(parts)


def _wrapped(domain: str, error: HirehubError) -> HirehubError:
    """An error of the file as one of the call: the caller's argument was sound."""
    kind = SourceNotReady if error.kind in {Kind.UNAVAILABLE, Kind.MISSING} else UnreadableSource
    return kind(f"the file of {domain} cannot be read: {error.message}", hint=error.hint, cause=error.code)
