"""What commands print and how they end, each in a real process."""

import signal
import subprocess
import sys
import time

import pytest

from tests.support.cli import ROOT, environment, python

HEAD = (
    "import asyncio, sys, time\n"
    "from hirehub.cli.output import Output, guard, run_async, note\n"
    "from hirehub.kernel import errors\n"
    "from hirehub.kernel.settings import InvalidSettings\n"
)


def test_an_error_is_one_line_with_its_next_step() -> None:
    """Message and hint stand on one line, also when the message would break it."""
    ran = python(HEAD + "with guard():\n    raise errors.Missing('No file\\nhere.', hint='Name another.')")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "error: No file\\nhere — Name another.\n"


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("errors.Missing", 1),
        ("errors.Unavailable", 1),
        ("errors.Broken", 1),
        ("errors.Invalid", 2),
        ("errors.Busy", 3),
        ("errors.Conflict", 4),
        ("errors.Denied", 4),
        ("InvalidSettings", 4),
    ],
)
def test_a_kind_of_error_has_its_exit_code(kind: str, code: int) -> None:
    """Scripts tell busy from refused from failed by the code alone."""
    assert python(HEAD + f"with guard():\n    raise {kind}('x')").code == code


def test_an_unexpected_error_does_not_tell_what_it_was_about() -> None:
    """Its text may hold a row of somebody's data; kind and place are told, the trace only when asked for."""
    ran = python(HEAD + "with guard():\n    raise ValueError('Kim, 010-1234')")
    assert ran.code == 1
    assert "Kim" not in ran.err
    assert ran.err.startswith("error: unexpected ValueError")
    assert "--verbose" in ran.err


def test_verbose_shows_the_trace() -> None:
    """The trace comes before the line."""
    ran = python(HEAD + "with guard(verbose=True):\n    raise errors.Broken('gone')")
    assert "Traceback" in ran.err
    assert ran.err.endswith("error: gone\n")


def test_of_a_group_the_error_that_a_person_can_act_on_is_told() -> None:
    """Tasks that fail together come as a group; a known error in it wins over the others."""
    ran = python(
        HEAD + "with guard():\n"
        "    raise ExceptionGroup('x', [ValueError('a'), ExceptionGroup('y', [errors.Busy('taken', hint='Wait.')])])"
    )
    assert (ran.code, ran.err) == (3, "error: taken — Wait.\n")


def test_with_json_an_error_is_the_document() -> None:
    """A script that parses standard output always finds one document there."""
    ran = python(HEAD + "with guard():\n    Output(json=True)\n    raise errors.Busy('taken', hint='Wait.')")
    assert ran.document() == {"error": {"code": "busy", "message": "taken", "hint": "Wait."}}


def test_with_json_the_document_is_all_that_is_printed() -> None:
    """Lines and tables are for people; the document carries ids, moments and numbers that JSON lacks."""
    ran = python(
        HEAD + "import uuid, datetime, pathlib\n"
        "out = Output(json=True)\nout.line('x')\nout.table(('a',), [(1,)])\n"
        "out.document({'id': uuid.UUID(int=1), 'at': datetime.datetime(2024, 1, 2), 'nan': float('nan'), 't': (1, 2)})"
    )
    assert ran.document() == {
        "id": "00000000-0000-0000-0000-000000000001",
        "at": "2024-01-02T00:00:00",
        "nan": None,
        "t": [1, 2],
    }


def test_a_stored_text_cannot_steer_the_terminal() -> None:
    """Control characters of a row are shown, not obeyed; wide letters keep the columns straight."""
    ran = python(HEAD + "Output().table(('name', 'rows'), [('a\\x1b[31m', 5), ('서울', 1200)])")
    assert ran.out.splitlines() == ["name        rows", "a\\x1b[31m      5", "서울       1,200"]


def test_a_reader_that_goes_away_ends_the_command_without_noise() -> None:
    """`hirehub ... | head` prints no trace."""
    code = HEAD + "with guard():\n    out = Output()\n    while True:\n        out.line(str(10**999))"
    done = subprocess.run(
        f"{sys.executable} -c '{code}' | head -n 1", shell=True, cwd=ROOT, env=environment(), capture_output=True
    )
    assert done.stderr == b""


def test_a_server_that_speaks_to_nobody_is_put_away_and_ends_with_141() -> None:
    """All tasks end in order, none in the middle of a step of the loop."""
    code = (
        HEAD + "async def told():\n    Output().line(str(1))\n    await asyncio.sleep(1)\n"
        "    Output().line(str(2))\n"
        "async def work():\n    try:\n        async with asyncio.TaskGroup() as group:\n"
        "            group.create_task(told())\n            group.create_task(asyncio.sleep(60))\n"
        "    finally:\n        await asyncio.sleep(1.5)\n        note(chr(111) + chr(107))\n"
        "run_async(work(), stopping_is_success=True)"
    )
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -c '{code}' | head -n 1; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (141, b"1\n", b"ok\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_stopped_as_its_reader_goes_away_ends_in_order(number: signal.Signals) -> None:
    """Ctrl-C ends both sides of a pipe at once; which of them is noticed first makes no second signal of the other."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HEAD + "async def work():\n    note('begun')\n    try:\n        await asyncio.sleep(60)\n"
            "    finally:\n        await asyncio.sleep(0.5)\n        note('clean')\n"
            "run_async(work(), stopping_is_success=True)",
        ],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stdout is not None
    assert process.stderr.readline() == "begun\n"
    process.stdout.close()
    time.sleep(0.1)
    process.send_signal(number)
    assert process.stderr.read() == "clean\n"
    process.stderr.close()
    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize(
    ("number", "success", "code"),
    [(signal.SIGINT, False, 130), (signal.SIGTERM, False, 143), (signal.SIGINT, True, 0), (signal.SIGTERM, True, 0)],
)
def test_a_signal_cancels_and_what_was_begun_is_put_away(number: signal.Signals, success: bool, code: int) -> None:
    """The coroutine is cancelled once, runs its clean-up to the end, and the code tells what ended it."""
    process = _start(
        HEAD + "async def work():\n    note('begun')\n    try:\n        await asyncio.sleep(60)\n"
        "    finally:\n        await asyncio.sleep(0.1)\n        note('clean')\n"
        f"run_async(work(), stopping_is_success={success})"
    )
    process.send_signal(number)
    _, told = process.communicate(timeout=10)
    assert (process.returncode, told) == (code, "clean\n")


def test_a_second_ctrl_c_ends_at_once() -> None:
    """Also where the clean-up hangs in code that never comes back to the event loop."""
    process = _start(
        HEAD + "async def work():\n    note('begun')\n    try:\n        await asyncio.sleep(60)\n"
        "    finally:\n        note('cleaning')\n        time.sleep(60)\n"
        "run_async(work())"
    )
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline() == "cleaning\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 130
    assert time.monotonic() - began < 2


def test_a_task_and_a_thread_that_do_not_end_do_not_keep_the_process() -> None:
    """asyncio and the interpreter would wait for them for ever."""
    began = time.monotonic()
    ran = python(
        HEAD + "from hirehub.cli.output import leave\n"
        "async def stubborn():\n    while True:\n        try:\n            await asyncio.sleep(60)\n"
        "        except asyncio.CancelledError:\n            pass\n"
        "async def work():\n    task = asyncio.create_task(stubborn())\n"
        "    asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)\n"
        "    await asyncio.sleep(0.1)\n    return task and 7\n"
        "leave(run_async(work()))"
    )
    assert ran.code == 7
    assert time.monotonic() - began < 20


def test_progress_in_a_pipe_is_plain_lines() -> None:
    """Rows, rate and dead rows, at the start and at the end; standard output stays free."""
    ran = python(
        HEAD + "with Output().progress('recruit', 2139) as shown:\n"
        "    shown.update(300)\n    shown.update(2139, dead=2)\n"
    )
    first, last = ran.err.splitlines()
    assert ran.out == ""
    assert first.startswith("recruit: 300 of 2,139 rows, ")
    assert last.startswith("recruit: 2,139 of 2,139 rows, ")
    assert last.endswith(", 2 dead")


def test_progress_of_rows_that_are_only_sent_claims_no_more() -> None:
    """What became of them is known at the end, or never."""
    ran = python(HEAD + "with Output().progress('push') as shown:\n    shown.update(20, sent=True)\n")
    first, last = ran.err.splitlines()
    assert first.startswith("push: 20 rows sent, ")
    assert last.startswith("push: 20 rows sent, ")
    assert "dead" not in ran.err


def _start(code: str) -> "subprocess.Popen[str]":
    """Starts a piece of Python and waits for its word `begun`."""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "begun\n"
    return process
