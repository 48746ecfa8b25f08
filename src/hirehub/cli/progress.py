"""How far a load is: a bar on a terminal, a plain line now and then in a pipe; always on standard error.

Shows rows, rate, time left and rows that were not taken. In a pipe a line comes at the start, every few seconds and at
the end.
"""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    import rich.progress

SECONDS_BETWEEN_LINES: Final = 5.0


class Progress:
    """Progress of one load; `update` is told totals so far, not steps, and may be called as often as one likes."""

    def __init__(self, title: str, total: int | None = None, *, lost: str = "dead") -> None:
        """`lost` is the word for rows that were not taken."""
        self._title = title
        self._lost = lost
        self._total = total
        self._rows = self._dead = 0
        self._sent = False
        self._began = self._spoke = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Self:
        self._began = self._spoke = time.monotonic()
        if sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(self._title, total=self._total, dead="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        else:
            self._say()

    def update(self, rows: int, *, dead: int = 0, total: int | None = None, sent: bool = False) -> None:
        """`rows` and `dead` are totals since the start; `total` may become known on the way. Of rows that are only
        `sent` nobody has said yet what became of them.
        """
        first = self._rows == 0 and rows > 0
        self._rows, self._dead, self._sent = rows, dead, sent
        self._total = self._total if total is None else total
        if self._bar is not None and self._task is not None:
            shown = f"{dead:,} {self._lost}" if dead else ""
            self._bar.update(self._task, completed=rows, total=self._total, dead=shown)
        elif first or time.monotonic() - self._spoke >= SECONDS_BETWEEN_LINES:
            self._say()

    def note(self, text: str) -> None:
        """A line beside the progress, such as a stream that broke and is asked again."""
        if self._bar is not None:
            self._bar.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def _say(self) -> None:
        """A plain line."""
        self._spoke = time.monotonic()
        print(self.describe(self._spoke - self._began), file=sys.stderr, flush=True)

    def describe(self, seconds: float) -> str:
        """The state after `seconds` in words."""
        rate = self._rows / seconds if seconds > 0 else 0.0
        of = "" if self._total is None else f" of {self._total:,}"
        parts = [f"{self._title}: {self._rows:,}{of} rows{' sent' if self._sent else ''}", f"{rate:,.0f} rows/s"]
        if self._total is not None and rate > 0 and self._total > self._rows:
            parts.append(f"{(self._total - self._rows) / rate:,.0f} s left")
        if not self._sent:
            parts.append(f"{self._dead:,} {self._lost}")
        return ", ".join(parts)


def _bar() -> "rich.progress.Progress":
    """The bar of a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rows(ProgressColumn):
        """Rows so far, of how many, and how many a second."""

        def render(self, task: "rich.progress.Task") -> Text:
            of = "" if task.total is None else f"/{task.total:,.0f}"
            return Text(f"{task.completed:,.0f}{of} rows  {task.speed or 0:,.0f}/s")

    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        Rows(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[dead]}", style="red", markup=False),
        console=Console(stderr=True),
        transient=False,
    )
