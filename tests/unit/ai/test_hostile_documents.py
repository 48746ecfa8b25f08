"""A broken or hostile document ends in a named error within its limits, and the next one is read as ever."""

import resource
import threading
import time

import pytest

from hirehub.kernel.errors import HirehubError
from hirehub.services.ai.isolation import parent
from hirehub.services.ai.isolation.parent import Stopped
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.reading import read_document
from tests.support import documents as made
from tests.support.hostile_documents import HOSTILE, OK, bomb

SLOW = made.pdf([[(20.0, 780.0 - 5 * line, "word " * 12) for line in range(150)]] * 190, size=4)
WHOLE = made.docx(made.word_paragraph("read as ever"))


def test_there_are_enough_kinds() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", HOSTILE)
def test_it_ends_as_it_must(name: str) -> None:
    code, make = HOSTILE[name]
    data = make()
    begin, before = time.monotonic(), _largest_child()
    if code == OK:
        assert read_document(data).text.strip()
    else:
        with pytest.raises(HirehubError) as caught:
            read_document(data)
        assert (caught.value.code, bool(caught.value.hint)) == (code, True), caught.value.message
    assert time.monotonic() - begin < Limits().seconds
    assert _largest_child() <= max(before, _own(), 520 * 1024)


def _largest_child() -> int:
    """KiB of the largest child so far."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def _own() -> int:
    """KiB that this process has held at most: a child counts what its parent held when it was made."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_the_next_file_is_read_as_ever() -> None:
    with pytest.raises(HirehubError):
        read_document(bomb(40_000_000))
    assert read_document(WHOLE).text.strip() == "read as ever"


def test_a_child_that_begins_slowly_gets_the_whole_of_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, and a look at the child before it has begun to read."""
    monkeypatch.setattr(parent, "_LOOK", 0.001)
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


def test_errors_hold_nothing_of_the_file() -> None:
    data = made.archive({"word/document.xml": "<d>Hong Gildong 010-0000-0000</e>"})
    with pytest.raises(HirehubError) as caught:
        read_document(data)
    assert "Hong" not in f"{caught.value.message} {caught.value.hint} {caught.value.facts}"
