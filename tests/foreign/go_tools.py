"""Builds the Go client: code that the stock generators make from `proto/`, compiled once, kept in the user's cache.

Nothing generated enters the repository. go.mod and go.sum pin the generators and what the client links.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.shared import ROOT

SOURCE = Path(__file__).parent / "client"
PROTO = ROOT / "proto"
GENERATORS = ("google.golang.org/protobuf/cmd/protoc-gen-go", "google.golang.org/grpc/cmd/protoc-gen-go-grpc")


def client() -> Path:
    """The compiled client. Without Go, or without a way to its modules, the test skips by name; in CI it fails."""
    go = shutil.which("go")
    if go is None:
        _missing("needs Go (the command `go`) to build a foreign client")
    inputs = sorted([*SOURCE.iterdir(), *PROTO.glob("*.proto"), Path(__file__)])
    version = subprocess.run([str(go), "version"], capture_output=True, check=True).stdout
    key = hashlib.sha256(version + b"".join(path.read_bytes() for path in inputs)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hirehub-tests"
    made = cache / f"go-client-{key}"
    if not made.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _build(Path(scratch), str(go)).replace(made)
    return made


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _build(folder: Path, go: str) -> Path:
    """Generates, then compiles, in a folder of its own."""
    for path in SOURCE.iterdir():
        shutil.copy(path, folder)
    if (fetched := _run([go, "mod", "download"], folder)).returncode != 0:
        _missing(f"needs the Go modules of the foreign client: {fetched.stderr.strip()[-300:]}")
    plugins = [folder / "bin" / Path(name).name for name in GENERATORS]
    _must(_run([go, "build", "-o", "bin/", *GENERATORS], folder))
    _must(_run([sys.executable, "-m", "grpc_tools.protoc", *_protoc(plugins)], folder))
    _must(_run([go, "build", "-o", "made", "."], folder))
    return folder / "made"


def _protoc(plugins: list[Path]) -> list[str]:
    names = sorted(path.name for path in PROTO.glob("*.proto"))
    words = [f"-I{PROTO}", *(f"--plugin={plugin.name}={plugin}" for plugin in plugins)]
    for kind in ("go", "go-grpc"):
        words += [f"--{kind}_out=.", f"--{kind}_opt=module=foreign"]
        words += [f"--{kind}_opt=M{name}=foreign/pb" for name in names]
    return [*words, *names]


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A newer Go is not fetched, and go.mod and go.sum stay as they are."""
    own = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly -buildvcs=false"}
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=240)


def _must(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
