"""A broken or hostile document ends in a named error within its limits, and the next one is read as ever."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from hirehub.kernel.errors import HirehubError
from hirehub.services.ai.isolation import kept as exchange
from hirehub.services.ai.isolation.parent import Stopped, kept
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.reading import read_document
from tests.support import documents as made
from tests.support.hostile_documents import HOSTILE, OK, bomb

READ = "hirehub.services.ai.text.child"
READER = kept(READ)
SLOW = made.pdf([[(20.0, 780.0 - 5 * line, "word " * 12) for line in range(150)]] * 190, size=4)
WHOLE = made.docx(made.word_paragraph("read as ever"))


def test_there_are_enough_kinds() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_as_it_must(name: str) -> None:
    code, make = HOSTILE[name]
    data = make()
    begin = time.monotonic()
    if code == OK:
        assert read_document(data).text.strip()
    else:
        with pytest.raises(HirehubError) as caught:
            read_document(data)
        assert (caught.value.code, bool(caught.value.hint)) == (code, True), caught.value.message
    assert time.monotonic() - begin < Limits().seconds
    assert 0 < READER.largest <= 520 * 1024


def test_the_next_file_is_read_as_ever() -> None:
    with pytest.raises(HirehubError):
        read_document(bomb(40_000_000))
    assert read_document(WHOLE).text.strip() == "read as ever"


def test_a_child_that_begins_slowly_gets_the_whole_of_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, and a look at the child before it has begun to read."""
    monkeypatch.setattr(exchange, "LOOK", 0.001)
    line = "".join(chr(0xAC00 + at % 11_000) for at in range(250_000))
    assert read_document(line.encode(), Limits(seconds=3.0)).text.strip() == line


def test_memory_ends_the_child_alone() -> None:
    with pytest.raises(HirehubError) as caught:
        read_document(bomb(60_000_000), Limits(memory=64, ratio=1_000_000))
    assert caught.value.code == "document_too_large"
    assert "memory" in caught.value.message


def test_time_ends_the_child_alone() -> None:
    with pytest.raises(HirehubError) as caught:
        read_document(SLOW, Limits(seconds=0.0, characters=10_000_000))
    assert caught.value.code == "document_too_slow"


def test_reading_is_given_up_when_the_process_ends() -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Stopped):
        read_document(SLOW, stopping=stopping)


def test_what_is_given_up_runs_no_longer() -> None:
    with pytest.raises(HirehubError):
        read_document(SLOW, Limits(seconds=-4.8, characters=10_000_000))
    deadline = time.monotonic() + 5
    while (left := _children(_reader())) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == []


def test_a_killed_reader_is_begun_again_and_nothing_is_lost() -> None:
    assert read_document(WHOLE).text.strip() == "read as ever"
    first = _reader()
    results: list[str] = []
    threads = [threading.Thread(target=lambda: results.append(read_document(WHOLE).text.strip())) for _ in range(8)]
    for thread in threads[:4]:
        thread.start()
    os.kill(first, signal.SIGKILL)
    for thread in threads[4:]:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["read as ever"] * 8
    assert _reader() != first


def test_a_reader_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_SECRET", "s3cret")
    read_document(WHOLE)
    os.kill(_reader(), signal.SIGKILL)
    read_document(WHOLE)
    assert b"HIREHUB" not in Path(f"/proc/{_reader()}/environ").read_bytes()


def _reader() -> int:
    """The kept process that reads documents."""
    told = subprocess.run(["pgrep", "-f", "-P", str(os.getpid()), READ], capture_output=True, text=True, check=True)
    (pid,) = told.stdout.split()
    return int(pid)


def _children(pid: int) -> list[str]:
    return subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()


def test_errors_hold_nothing_of_the_file() -> None:
    data = made.archive({"word/document.xml": "<d>Hong Gildong 010-0000-0000</e>"})
    with pytest.raises(HirehubError) as caught:
        read_document(data)
    assert "Hong" not in f"{caught.value.message} {caught.value.hint} {caught.value.facts}"
