"""`hirehub bench`: runs the benchmarks of a clone, which are plain scripts that print their figures.

A benchmark is `benchmarks/NAME.py` with a docstring and a `main`; helpers beside them have no `main`.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from hirehub.cli.output import Json, Output
from hirehub.kernel.errors import Broken, Invalid, Missing

app = typer.Typer()

ALL = "all"


class UnknownBenchmark(Invalid):
    """A name that stands for no benchmark."""

    code = "unknown_benchmark"


@dataclass(frozen=True)
class Benchmark:
    """A script of the clone and what its docstring's first line says of it."""

    name: str
    help: str
    path: Path


def folder() -> Path:
    """The clone's folder of benchmarks; Missing where the program was installed without one."""
    for place in (Path.cwd(), Path(__file__).resolve().parents[3]):
        if (place / "benchmarks" / "rows.py").is_file():
            return place / "benchmarks"
    raise Missing(
        "The benchmarks are not here: they come with a clone, not with the package", hint="Run it in a clone."
    )


def benchmarks() -> tuple[Benchmark, ...]:
    """Every benchmark of the clone, by name; nothing is imported."""
    return tuple(_read(folder()))


def _read(place: Path) -> Iterator[Benchmark]:
    for path in sorted(place.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        runs = any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "main" for node in tree.body
        )
        if runs:
            yield Benchmark(path.stem, (ast.get_docstring(tree) or "").partition("\n")[0], path)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A benchmark, or `all`; without it they are listed.")] = "",
    json: Json = False,
) -> None:
    """Runs the benchmarks of a clone.

    Words behind the name go to the benchmark itself: `hirehub bench ingest --rows 20000`.
    """
    out = Output(json)
    known = {benchmark.name: benchmark for benchmark in benchmarks()}
    if not name:
        out.document({"benchmarks": [{"name": one.name, "help": one.help} for one in known.values()]})
        out.table(("benchmark", "measures"), [(one.name, one.help) for one in known.values()])
        return
    if name != ALL and name not in known:
        raise UnknownBenchmark(
            f"There is no benchmark {name[:40]!r}", hint=f"Use one of: {', '.join(known) or 'none'}."
        )
    words = [*context.args, *(["--json"] if json else [])]
    failed = [one.name for one in (known.values() if name == ALL else (known[name],)) if not _run(one, words, out)]
    if failed:
        raise Broken(f"{', '.join(failed)} failed", hint="Its own lines above say why.")


def _run(benchmark: Benchmark, words: list[str], out: Output) -> bool:
    """Runs one in a process of its own, so that none measures what another left behind."""
    out.note(f"{benchmark.name}: {benchmark.help}")
    root = benchmark.path.parent.parent
    done = subprocess.run([sys.executable, "-m", f"benchmarks.{benchmark.name}", *words], cwd=root, check=False)
    return done.returncode == 0
