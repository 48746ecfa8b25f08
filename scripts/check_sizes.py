"""Small rooms: no file over 400 lines, no function over 60; prints one line a finding and exits 1 if there is any."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 400, 60
CODE = {".py", ".js", ".ts", ".go", ".html", ".css", ".sql", ".proto", ".sh"}
GENERATED = "/contracts/pb/"


def findings(root: Path, names: list[str]) -> Iterator[str]:
    """A line for each room that is too large, of the files of those names below `root`."""
    for name in names:
        path = root / name
        if path.suffix not in CODE or GENERATED in name or not path.is_file():
            continue
        text = path.read_text("utf-8")
        if text.count("\n") > FILE_LINES:
            found = text.count("\n")
            yield f"{name}: {found} lines, the limit is {FILE_LINES}"
        if path.suffix == ".py":
            yield from long_functions(name, text)


def long_functions(name: str, text: str) -> Iterator[str]:
    """A line for each function of a Python file that is too long."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, the limit is {FUNCTION_LINES}"


def main(root: Path) -> int:
    """Looks at every tracked or new file of the checkout."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
        text=True,
    )
    found = list(findings(root, [name for name in listed.stdout.split("\0") if name]))
    print("\n".join(found) if found else "Sizes: every file and function is within its limit.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
