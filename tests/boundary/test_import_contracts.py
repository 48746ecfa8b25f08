"""The import contracts hold, and each of them notices what is planted against it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(source: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Runs import-linter over the package below `source` with the project's own configuration."""
    program = Path(sys.executable).with_name("lint-imports")
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return subprocess.run(
        [str(program), "--config", str(ROOT / "pyproject.toml"), "--no-logo", "--no-cache", *chosen],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of `src` that a test may spoil."""
    copy = tmp_path / "src"
    shutil.copytree(ROOT / "src", copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "*.parquet"))
    return copy


def plant(source: Path, module: str, text: str) -> None:
    """Adds a line at the end of a module, which is made if need be."""
    path = source / module
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.parents:
        if folder == source:
            break
        (folder / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


def test_the_contracts_hold() -> None:
    """The tree as it is keeps every contract."""
    result = lint_imports(ROOT / "src")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("contract", "module", "text"),
    [
        ("layers", "hirehub/kernel/planted.py", "import hirehub.contracts.vectors"),
        ("layers", "hirehub/contracts/planted.py", "import hirehub.services.vectors.module"),
        ("layers", "hirehub/services/vectors/planted.py", "import hirehub.runtime"),
        ("layers", "hirehub/runtime/planted.py", "import hirehub.cli"),
        ("layers", "hirehub/web/planted.py", "import hirehub.services.ai.module"),
        ("layers", "hirehub/newcomer/planted.py", "import hirehub.kernel.errors"),
        ("services", "hirehub/services/ai/planted.py", "import hirehub.services.vectors.module"),
        ("acyclic", "hirehub/kernel/errors.py", "import hirehub.kernel.settings"),
        ("domain", "hirehub/services/vectors/domain/planted.py", "import psycopg"),
        ("vectors", "hirehub/services/vectors/store/planted.py", "import hirehub.services.vectors.usecases"),
        ("vectors", "hirehub/services/vectors/newcomer.py", "import hirehub.kernel.errors"),
        ("user", "hirehub/services/user/store/planted.py", "import hirehub.services.user.usecases"),
        ("user", "hirehub/services/user/newcomer.py", "import hirehub.kernel.errors"),
    ],
)
def test_a_planted_violation_is_noticed(source: Path, contract: str, module: str, text: str) -> None:
    """One line against a contract breaks that contract; so does a package that no contract names."""
    plant(source, module, text)
    result = lint_imports(source, contract)
    assert result.returncode != 0, result.stdout
    assert "BROKEN" in result.stdout or "missing" in result.stdout.lower() or "unlisted" in result.stdout.lower(), (
        result.stdout
    )
