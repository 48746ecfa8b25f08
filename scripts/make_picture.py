"""Makes docs/images/session.svg: what a terminal showed in a real session of the product, run now.

    python scripts/make_picture.py

The product runs in an empty home, so that nothing of this machine shows, on free ports; the picture says the ports
that everybody else will see. What the commands print is taken as it is, colours included.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow.parquet as pq
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from hirehub.runtime.sample import sample_files

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "session.svg"
WIDEST = 200
"""Columns of the terminal; the picture is as wide as what is shown needs, the pasted search alone may wrap."""
READY_SECONDS = 60
PORTS = {"HIREHUB_HTTP__PORT": 8000, "HIREHUB_AI__GRPC_PORT": 50051, "HIREHUB_VECTORS__GRPC_PORT": 50052}


def main() -> None:
    """Runs the session and writes the picture."""
    shown: list[tuple[str, Text]] = []
    with tempfile.TemporaryDirectory() as home:
        ports = {name: _free_port() for name in PORTS}
        env = _environment(Path(home), ports)
        with _up(env) as said:
            shown.append(("make up", _told(said, home, ports)))
            for words in _questions():
                answer = subprocess.run([*_program(), *words], env=env, cwd=home, capture_output=True, check=True)
                shown.append((f".venv/bin/hirehub {' '.join(words)}", _told(answer.stdout.decode(), home, ports)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(_svg(_recorded(shown)), "utf-8")


def _questions() -> list[list[str]]:
    """What is asked once the product is up: what it holds, and the posts like the sample's newest."""
    newest = str(pq.read_table(sample_files()["recruit"], columns=["id"])["id"][-1])
    return [["vectors", "stats"], ["vectors", "search", "recruit", "--id", newest, "--limit", "5"]]


@contextmanager
def _up(env: dict[str, str]) -> Iterator[str]:
    """The product while the block runs; gives what it said until it was ready."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([*_program(), "up"], env=env, cwd=env["HOME"], stdout=out, stderr=subprocess.STDOUT)
        try:
            subprocess.run(
                [*_program(), "ready", "--timeout", str(READY_SECONDS)], env=env, cwd=env["HOME"], check=True
            )
            time.sleep(2)
            out.seek(0)
            yield out.read().decode().partition("\n\n  Sample:")[0]  # without the accounts' passwords
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def _program() -> list[str]:
    return [sys.executable, "-m", "hirehub"]


def _environment(home: Path, ports: dict[str, int]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HIREHUB_", "XDG_"))}
    numbers = {name: str(port) for name, port in ports.items()}
    return {**kept, **numbers, "HOME": str(home), "COLUMNS": str(WIDEST)}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _told(answer: str, home: str, ports: dict[str, int]) -> Text:
    """What came back, as everybody else will see it."""
    text = answer.replace(home, "~")
    for name, port in ports.items():
        text = text.replace(str(port), str(PORTS[name]))
    return Text.from_ansi(text.rstrip())


def _recorded(shown: list[tuple[str, Text]]) -> Console:
    """A terminal in which each command was typed and answered, wide enough that no row of a table wraps."""
    lines = [line for _, text in shown for line in text.plain.splitlines() if "curl" not in line]
    width = max(map(len, lines))
    console = Console(record=True, width=width, file=Path(os.devnull).open("w"), force_terminal=True)  # noqa: SIM115 - lives as long as the process
    for command, text in shown:
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
        console.print(text, soft_wrap=False)
        console.print()
    return console


def _svg(console: Console) -> str:
    """The picture; its font is the reader's, as nothing is fetched from elsewhere."""
    template = re.sub(r"\s*@font-face \{\{.*?\n    \}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    template = re.sub(r"\s*<!--.*?-->", "", template, flags=re.DOTALL)
    return console.export_svg(title="hirehub", theme=MONOKAI, code_format=template, unique_id="session")


if __name__ == "__main__":
    main()
