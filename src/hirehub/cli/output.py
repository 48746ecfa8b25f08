"""What every command prints, and how it ends: one document or lines for people, one line an error, one exit code.

Standard output carries the answer and nothing else; notes, progress, logs and errors go to standard error.
Invariant: an error shows its message and its next step, never a row's content; `--verbose` adds the trace.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TypeVar

import typer
from typer.exceptions import Abort, TyperException

from hirehub.cli.values import cell, jsonable, width
from hirehub.kernel.errors import HirehubError, Kind
from hirehub.kernel.exits import end_at_once

if TYPE_CHECKING:
    from hirehub.cli.progress import Progress

VERBOSE: Final = "--verbose"
SECONDS_TO_END: Final = 1.0
"""How long tasks and threads that were told to end are waited for at the end of the process."""
T = TypeVar("T")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
"""The option of every command: `json: Json = False`, then `out = Output(json)`."""

EXIT_CODES: Final = {
    0: "It is done.",
    1: "It failed; the error says what to do next.",
    2: "Wrong usage: a word or a value on the command line cannot be accepted.",
    3: "Busy: somebody else is at it; trying again later may pass.",
    4: "Refused: settings, dimension or state do not allow it; the error names the command that mends it.",
    130: (
        "Stopped by Ctrl-C or by `vectors cancel`; what was durable stays."
        " `up` and `serve` end with 0, as stopping them is no failure."
    ),
    141: "The reader of standard output went away.",
    143: "Stopped by SIGTERM, as above.",
}
_BY_KIND: Final = {Kind.INVALID: 2, Kind.BUSY: 3, Kind.CONFLICT: 4, Kind.DENIED: 4}
_BY_CODE: Final = {"invalid_settings": 4, "run_cancelled": 130, "reader_gone": 141}


class ReaderGone(HirehubError):
    """Nobody reads standard output any more: the command is put away as after any error, and ends without a word."""

    kind = Kind.UNAVAILABLE
    code = "reader_gone"


def exit_code(error: HirehubError) -> int:
    """The exit code of an error, by its code or else its kind."""
    return _BY_CODE.get(error.code, _BY_KIND.get(error.kind, 1))


class Output:
    """Where a command's answer goes. `document` speaks to machines (`--json`), `line` and `table` to people.

    A command calls both; the one that was not asked for prints nothing.
    """

    def __init__(self, json: bool = False) -> None:
        self.json = json
        _ending.json = json

    def document(self, value: object) -> None:
        """Prints one JSON document, when asked for; dataclasses, pydantic models, UUIDs and moments are fine."""
        if self.json:
            _ending.json = False
            write(json.dumps(jsonable(value), ensure_ascii=False, indent=2, allow_nan=False))

    def line(self, text: str = "") -> None:
        """Prints a line of the answer for people."""
        if not self.json:
            write("\n".join(cell(part) for part in text.split("\n")))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Prints rows below their columns' names, numbers to the right; an empty table is a line that says so."""
        if self.json:
            return
        texts = [[cell(value) for value in row] for row in rows]
        if not texts:
            write("(none)")
            return
        widths = [max(width(text) for text in column) for column in zip(columns, *texts, strict=True)]
        right = [all(_is_number(text) for text in column) for column in zip(*texts, strict=True)]
        for row in ([*columns], *texts):
            parts = [_pad(text, wide, to_right) for text, wide, to_right in zip(row, widths, right, strict=True)]
            write("  ".join(parts).rstrip())

    def note(self, text: str) -> None:
        """Tells something beside the answer, on standard error."""
        note(text)

    def progress(self, title: str, total: int | None = None) -> "Progress":
        """Shows how far a load is: `with out.progress("recruit") as shown: shown.update(rows, dead=0)`."""
        from hirehub.cli.progress import Progress

        return Progress(title, total)

    def confirm(self, question: str) -> bool:
        """Asks on the terminal; without one the answer is no."""
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


class _Ending:
    """What the end of the process must know: whether a document is owed, a trace wanted, and work left behind."""

    json = False
    verbose = False
    abandoned = False


_ending = _Ending()


def write(text: str) -> None:
    """Writes a line to standard output; raises ReaderGone, which ends the command without noise."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ReaderGone("Nobody reads the answer.") from None


def note(text: str) -> None:
    """Writes a line to standard error; where nobody reads it, nothing is lost."""
    try:
        print(cell(text), file=sys.stderr, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _is_number(text: str) -> bool:
    """Whether a cell is read as a number, or holds nothing."""
    return text in {"", "-"} or text.replace(",", "").replace(".", "", 1).removesuffix("%").lstrip("-").isdigit()


def _pad(text: str, wide: int, to_right: bool) -> str:
    """A cell as wide as its column, counted as the terminal shows it."""
    space = " " * (wide - width(text))
    return space + text if to_right else text + space


@contextmanager
def guard(*, verbose: bool | None = None) -> Iterator[None]:
    """Turns every failure inside into one line on standard error and SystemExit with its code."""
    if verbose is not None:
        _ending.verbose = verbose
    try:
        yield
    except (SystemExit, GeneratorExit):
        raise
    except typer.Exit as ended:
        raise SystemExit(ended.exit_code) from None
    except Abort:
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(141) from None
    except BaseException as error:  # noqa: BLE001 - the edge of the process: whatever it is, it ends as one line
        _fail(_first(error), error)


def _first(error: BaseException) -> BaseException:
    """Out of a group the error that a person can act on, else its first."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    known = error.subgroup(HirehubError)
    return _first((known or error).exceptions[0])


def _fail(error: BaseException, whole: BaseException) -> NoReturn:
    """Prints the error line, and the trace when asked for."""
    if isinstance(error, ReaderGone):
        raise SystemExit(exit_code(error)) from None
    if _ending.verbose:
        traceback.print_exception(whole)
    if isinstance(error, HirehubError):
        _end(error.code, error.message, error.hint, exit_code(error))
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        _end("system", f"{error.strerror}{where}", "" if _ending.verbose else f"{VERBOSE} shows where.", 1)
    _end("unexpected", _unexpected(error), "" if _ending.verbose else f"Run it again with {VERBOSE} for the trace.", 1)


def _unexpected(error: BaseException) -> str:
    """Kind and place of a fault of ours; not its text, which may hold a row."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if f"{os.sep}hirehub{os.sep}" in frame.filename] or frames[-1:]
    place = f" in {os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else ""  # noqa: PTH119 - a frame's name is a text
    return f"unexpected {type(error).__name__}{place}"


def wrong_usage(error: TyperException) -> NoReturn:
    """Ends a command line that cannot be read; one that stops short of a command gets the help."""
    if "\n" in error.format_message():
        print(error.format_message(), file=sys.stderr)
        raise SystemExit(error.exit_code)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "hirehub"
    _end("usage", error.format_message().rstrip("."), f"See {path} --help.", error.exit_code)


def _end(code: str, message: str, hint: str, status: int) -> NoReturn:
    """Prints `error: message — hint`, owes no document any more, and ends."""
    note(f"error: {message.rstrip('.')} — {hint}" if hint else f"error: {message}")
    if _ending.json:
        _ending.json = False
        with suppress(ReaderGone):
            write(json.dumps({"error": {"code": code, "message": message, "hint": hint}}, ensure_ascii=False))
    raise SystemExit(status) from None


def run_async(work: Coroutine[Any, Any, T], *, stopping_is_success: bool = False) -> T:
    """Runs a command's coroutine; a signal cancels it, a second one ends the process at once.

    Ends with 128 + signal after a cancellation, also when the coroutine returned in good order; servers, which end
    in no other way, pass `stopping_is_success`.
    """
    stop = _Stop()
    loop = _new_loop()
    with guard():
        try:
            value = loop.run_until_complete(stop.watch(work))
        except asyncio.CancelledError:
            if stop.signal is None:
                raise
        finally:
            stop.forget()
            _close(loop)
        if stop.signal is None:
            return value
    raise SystemExit(0 if stopping_is_success else 128 + stop.signal)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Closes the loop without waiting long for tasks that do not end; asyncio's own runner would wait for ever."""
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    late: set[asyncio.Task[Any]] = set()
    if tasks:
        _, late = loop.run_until_complete(asyncio.wait(tasks, timeout=SECONDS_TO_END))
    if late:
        _ending.abandoned = True
        return
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def leave(status: int) -> NoReturn:
    """Ends the process; where tasks or threads do not end, without waiting for them."""
    deadline = time.monotonic() + SECONDS_TO_END
    try:
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join(max(0.0, deadline - time.monotonic()))
                _ending.abandoned |= thread.is_alive()
    except (KeyboardInterrupt, SystemExit):  # one more signal: whoever sends it does not want to wait
        _ending.abandoned = True
    if _ending.abandoned:
        sys.stdout.flush()
        sys.stderr.flush()
        end_at_once(status)
    raise SystemExit(status)


class _Stop:
    """The signals that cancel a coroutine."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._cancel: Callable[[], object] = lambda: None
        self._before: dict[int, Any] = {}

    async def watch(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs `work`, cancelled by the first signal."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(work)
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._arrived)
        return await task

    def _arrived(self, number: int, _: object) -> None:
        if self.signal is not None:
            if sys.stderr.isatty():
                sys.stderr.write("\x1b[?25h\n")
            end_at_once(128 + number)
        self.signal = number
        self._cancel()

    def forget(self) -> None:
        """Puts back what was there before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _new_loop() -> asyncio.AbstractEventLoop:
    """The faster event loop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
