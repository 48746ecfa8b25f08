"""Generates `hirehub.contracts.pb` from `proto/`.

Our own descriptor declares a vector as `bytes`: the same bytes on the wire as a packed `repeated float`, without a
Python object per number. The published descriptors (`published.binpb`) stay as `proto/` says, for server reflection.
"""

import re
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[1]
PROTO = ROOT / "proto"
TARGET = ROOT / "src" / "hirehub" / "contracts" / "pb"
PACKAGE = "hirehub/contracts/pb"
INCLUDE = str(files("grpc_tools") / "_proto")


def run(*arguments: str) -> None:
    """Runs the bundled protoc."""
    if protoc.main(["protoc", f"-I{INCLUDE}", *arguments]) != 0:
        raise SystemExit("protoc failed")


def main(target: Path = TARGET) -> None:
    """Writes every generated file below `target`."""
    names = sorted(path.name for path in PROTO.glob("*.proto"))
    run(f"-I{PROTO}", "--include_source_info", f"--descriptor_set_out={target / 'published.binpb'}", *names)
    with tempfile.TemporaryDirectory() as scratch:
        inner = Path(scratch) / PACKAGE
        inner.mkdir(parents=True)
        for name in names:
            text = (PROTO / name).read_text("utf-8")
            (inner / name).write_text(re.sub(r"repeated float vector\b", "bytes vector", text), "utf-8")
        out = Path(scratch) / "out"
        out.mkdir()
        relative = [f"{PACKAGE}/{name}" for name in names]
        run(f"-I{scratch}", f"--python_out={out}", f"--pyi_out={out}", f"--grpc_python_out={out}", *relative)
        for path in sorted((out / PACKAGE).iterdir()):
            (target / path.name).write_bytes(path.read_bytes())
    (target / "__init__.py").write_text(
        '"""Generated from `proto/` by `make proto`; never edited by hand."""\n', "utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
