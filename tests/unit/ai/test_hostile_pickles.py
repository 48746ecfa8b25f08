"""A pickle that would run code is refused by the name of what it asks for, and nothing of it runs."""

import builtins
import functools
import os
import pickle
import shutil
import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from pathlib import Path

import pytest

from hirehub.services.ai.columns import Columns
from hirehub.services.ai.shape import RECRUIT
from hirehub.services.ai.sources.pickles.convert import convert
from hirehub.services.ai.sources.pickles.names import RefusedName
from tests.support.ai import opened
from tests.support.pickles import (
    Bomb,
    call,
    frame,
    items,
    name,
    pairs,
    plain,
    recruit_cells,
    stack_name,
    text,
    touch,
    whole,
    with_state,
)

Make = Callable[[Path], bytes]


def spoilt(column: str, cell: bytes) -> bytes:
    """A sound frame but for one cell."""
    cells = recruit_cells()
    cells[column] = [cell, *cells[column][1:]]
    return frame(cells)


def dumped(protocol: int, function: object, *arguments: object) -> Make:
    """What Python's own pickler writes for an object whose loading calls the function."""
    return lambda marker: pickle.dumps(Bomb(function, *(_told(one, marker) for one in arguments)), protocol)


def _told(argument: object, marker: Path) -> object:
    """An argument with the marker's path and the shell command for it filled in."""
    if isinstance(argument, tuple):
        return tuple(_told(part, marker) for part in argument)
    if argument == "COMMAND":
        return touch(marker)
    if argument == "MARKER":
        return str(marker)
    return argument.replace("MARKER", repr(str(marker))) if isinstance(argument, str) else argument


def system(marker: Path) -> bytes:
    """A command of the shell, as one cell's arguments."""
    return text(touch(marker))


RUNS: dict[str, tuple[str, Make]] = {
    "protocol 0 reduce": ("posix.system", dumped(0, os.system, "COMMAND")),
    "protocol 1 reduce": ("posix.system", dumped(1, os.system, "COMMAND")),
    "protocol 2 reduce": ("posix.system", dumped(2, os.system, "COMMAND")),
    "protocol 3 reduce": ("posix.system", dumped(3, os.system, "COMMAND")),
    "protocol 4 reduce": ("posix.system", dumped(4, os.system, "COMMAND")),
    "protocol 5 reduce": ("posix.system", dumped(5, os.system, "COMMAND")),
    "global of os": ("os.system", lambda m: whole(call("os.system", system(m)))),
    "stack global": ("os.system", lambda m: whole(stack_name("os", "system") + b"(" + system(m) + b"tR")),
    "instance": ("os.system", lambda m: b"(" + system(m) + b"ios\nsystem\n."),
    "object": ("os.system", lambda m: b"(cos\nsystem\n" + system(m) + b"o."),
    "new object": ("subprocess.Popen", lambda m: b"(" + plain(["touch", str(m)]) + b"isubprocess\nPopen\n."),
    "popen": ("os.popen", lambda m: whole(call("os.popen", system(m)))),
    "subprocess": ("subprocess.call", dumped(4, subprocess.call, ("sh", "-c", "COMMAND"))),
    "check_output": ("subprocess.check_output", dumped(4, subprocess.check_output, ("touch", "MARKER"))),
    "eval": ("builtins.eval", dumped(4, builtins.eval, "open(MARKER, 'w').close()")),
    "exec": ("builtins.exec", dumped(4, builtins.exec, "open(MARKER, 'w').close()")),
    "eval of Python 2": ("__builtin__.eval", dumped(2, builtins.eval, "open(MARKER, 'w').close()")),
    "open": ("io.open", dumped(4, open, "MARKER", "w")),
    "nested name": (
        "os.path.os.system",
        lambda m: whole(stack_name("os", "path.os.system") + b"(" + system(m) + b"tR"),
    ),
    "timeit": ("timeit.timeit", dumped(4, timeit.timeit, "open(MARKER, 'w').close()", "pass", timeit.default_timer, 1)),
    "make a folder": ("os.makedirs", dumped(4, os.makedirs, "MARKER")),
    "copy a file": ("shutil.copyfile", dumped(4, shutil.copyfile, __file__, "MARKER")),
    "partial": ("functools.partial", lambda m: pickle.dumps(Bomb(functools.partial(os.system, touch(m))), 4)),
    "attrgetter": (
        "operator.attrgetter",
        lambda m: whole(
            call("operator.attrgetter", text("system"))
            + b"("
            + call("importlib.import_module", text("os"))
            + b"tR"
            + b"("
            + system(m)
            + b"tR"
        ),
    ),
    "import": (
        "importlib.import_module",
        lambda m: whole(
            call("builtins.getattr", call("importlib.import_module", text("os")), text("system"))
            + b"("
            + system(m)
            + b"tR"
        ),
    ),
    "getattr of the frame": (
        "builtins.getattr",
        lambda m: whole(
            call("builtins.getattr", name("pandas.DataFrame"), text("eval")) + b"0" + call("os.system", system(m))
        ),
    ),
    "a pickle inside": (
        "_pickle.loads",
        lambda m: pickle.dumps(Bomb(pickle.loads, pickle.dumps(Bomb(os.system, touch(m)))), 4),
    ),
    "in a dictionary": ("os.system", lambda m: whole(b"}" + text("x") + call("os.system", system(m)) + b"s")),
    "dropped at once": ("os.system", lambda m: whole(call("os.system", system(m)) + b"0N")),
    "in a text cell": ("os.system", lambda m: spoilt("Company Name", call("os.system", system(m)))),
    "in a vector": ("os.system", lambda m: spoilt("job_post_vectors", items(call("os.system", system(m))))),
    "in a column that nobody reads": (
        "os.system",
        lambda m: frame({**recruit_cells(1), "Other": [call("os.system", system(m))]}),
    ),
}
"""Pickles that run something wherever they are loaded; what they are refused for, and the bytes."""

REFUSED: dict[str, tuple[str, bytes]] = {
    "a module file": ("runpy.run_path", whole(call("runpy.run_path", text("/nowhere.py")))),
    "pandas.read_pickle": (
        "pandas.io.pickle.read_pickle",
        whole(call("pandas.io.pickle.read_pickle", text("/nowhere"))),
    ),
    "pandas.eval": ("pandas.core.computation.eval.eval", whole(call("pandas.core.computation.eval.eval", text("1")))),
    "numpy.load": ("numpy.load", whole(call("numpy.load", text("/nowhere")))),
    "numpy runstring": (
        "numpy.testing._private.utils.runstring",
        whole(call("numpy.testing._private.utils.runstring", text("1"), plain({}))),
    ),
    "numpy memmap": ("numpy.memmap", whole(call("numpy.memmap", text("/nowhere")))),
    "ctypes": ("ctypes.CDLL", whole(call("ctypes.CDLL", text("libc.so.6")))),
    "a function out of code": ("types.FunctionType", whole(call("types.FunctionType", plain(b"code"), plain({})))),
    "marshal": ("marshal.loads", whole(call("marshal.loads", plain(b"")))),
    "socket": ("socket.create_connection", whole(call("socket.create_connection", plain(("127.0.0.1", 9))))),
    "a file system of pyarrow": ("pyarrow.fs.LocalFileSystem", whole(call("pyarrow.fs.LocalFileSystem"))),
    "an extension of the registry": ("an extension code", b"\x80\x02\x82\x01."),
    "a persistent id": ("a persistent id", b"Psomething\n."),
    "a binary persistent id": ("a persistent id", whole(text("something") + b"Q")),
    "a buffer elsewhere": ("an out-of-band buffer", b"\x80\x05\x97."),
    "a call of what was made": ("uuid.UUID", whole(call("uuid.UUID") + b")R")),
    "a call of a number": ("int.__call__", whole(plain(7) + b")R")),
    "a state for a name": ("Name.__setstate__", whole(with_state(name("pandas.DataFrame"), plain({"__init__": 1})))),
    "getattr for something else": (
        "builtins.getattr",
        whole(call("builtins.getattr", name("zoneinfo.ZoneInfo"), text("__subclasses__"))),
    ),
    "the registry of copyreg": (
        "copyreg.add_extension",
        whole(call("copyreg.add_extension", text("os"), text("x"), plain(1))),
    ),
    "a name for a terminal": ("os.\\x1b[2Jsystem", whole(stack_name("os", "\x1b[2Jsystem") + b")R")),
    "an object with named arguments": ("os.system", whole(name("os.system") + b")" + pairs(x=plain(1)) + b"\x92")),
}
"""Pickles that would do harm, or that only their writer could resolve."""


def test_there_are_more_than_thirty_kinds() -> None:
    assert len(RUNS) + len(REFUSED) >= 50


@pytest.mark.parametrize("kind", RUNS)
def test_a_pickle_that_would_run_code_is_refused_by_name(kind: str, tmp_path: Path) -> None:
    wanted, make = RUNS[kind]
    marker, path = tmp_path / "marker", tmp_path / "hostile.pkl"
    path.write_bytes(make(marker))
    with pytest.raises(RefusedName) as refused:
        convert(path, tmp_path / "out", RECRUIT, Columns(), largest_row=1 << 20, most_rows=1000)
    assert f"names {wanted}," in refused.value.message or f"names {wanted} " in refused.value.message
    assert not marker.exists()
    assert not (tmp_path / "out" / "about.json").exists()


def test_the_same_pickles_do_run_where_pickle_loads_them(tmp_path: Path) -> None:
    """Else the test above would prove nothing. Each is loaded by Python's own unpickler in a process of its own."""
    script = (
        "import pickle, sys, pathlib\n"
        "for at, path in enumerate(sys.argv[1:]):\n"
        "    try: pickle.loads(pathlib.Path(path).read_bytes())\n"
        "    except Exception: pass\n"
    )
    paths = []
    for at, (_wanted, make) in enumerate(RUNS.values()):
        paths.append(tmp_path / f"{at}.pkl")
        paths[-1].write_bytes(make(tmp_path / f"marker{at}"))
    subprocess.run([sys.executable, "-c", script, *map(str, paths)], check=True, capture_output=True, timeout=120)
    deadline = time.monotonic() + 10
    while missed := [kind for at, kind in enumerate(RUNS) if not (tmp_path / f"marker{at}").exists()]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    assert missed == []


@pytest.mark.parametrize("kind", REFUSED)
def test_a_name_that_no_frame_is_made_of_is_refused(kind: str, tmp_path: Path) -> None:
    wanted, data = REFUSED[kind]
    path = tmp_path / "hostile.pkl"
    path.write_bytes(data)
    with pytest.raises(RefusedName) as refused:
        convert(path, tmp_path / "out", RECRUIT, Columns(), largest_row=1 << 20, most_rows=1000)
    assert wanted in refused.value.message
    assert "\x1b" not in refused.value.message


def test_the_child_refuses_by_name_too(tmp_path: Path) -> None:
    marker, path = tmp_path / "marker", tmp_path / "hostile.pkl"
    path.write_bytes(RUNS["protocol 5 reduce"][1](marker))
    with pytest.raises(Exception, match=r"hostile\.pkl: the pickle names posix\.system") as refused:
        opened(path, tmp_path)
    assert refused.value.code == "refused_name"  # type: ignore[attr-defined]  # every error of ours has one
    assert not marker.exists()


def test_no_module_is_imported_for_a_name(tmp_path: Path) -> None:
    for module in ("antigravity", "this"):
        assert module not in sys.modules
        path = tmp_path / f"{module}.pkl"
        path.write_bytes(whole(name(f"{module}.x")))
        with pytest.raises(RefusedName):
            convert(path, tmp_path / "out", RECRUIT, Columns(), largest_row=1 << 20, most_rows=1000)
        assert module not in sys.modules
