"""A model's folder: `model.onnx`, `tokenizer.json`, and `manifest.json`, which says how the two are used."""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, ValidationError

from hirehub.services.ai.embedding.errors import UnusableModel

MANIFEST: Final = "manifest.json"
GRAPH: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
MOST_MANIFEST: Final = 65_536
_BLOCK: Final = 1 << 20

Pooling = Literal["mean", "cls"]


class Manifest(BaseModel, frozen=True):
    """How a model is used. `version` is another one for vectors that cannot be compared."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    version: Annotated[str, Field(max_length=19)] = ""
    pooling: Pooling = "mean"
    dimension: Annotated[int, Field(ge=1, le=16_000)]
    prefix: Annotated[str, Field(max_length=1000)] = ""
    length: Annotated[int, Field(ge=8, le=32_768)]
    """Tokens of a text that are read; what stands behind them is not."""


@dataclass(frozen=True)
class Folder:
    """A model's folder that is there."""

    path: Path
    manifest: Manifest

    @property
    def model(self) -> str:
        """The model's name and version."""
        return f"{self.manifest.name}@{self.manifest.version}"


def read_folder(path: Path) -> Folder:
    """A model's folder; UnusableModel where something is missing in it.

    A manifest without a version is given one by the bytes of the folder's files.
    """
    try:
        text = (path / MANIFEST).read_bytes()[:MOST_MANIFEST]
        manifest = Manifest.model_validate_json(text)
        if not manifest.version:
            files = [one for one in sorted(path.iterdir()) if one.is_file()]
            manifest = manifest.model_copy(update={"version": digest(files)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnusableModel(
            f"{path / MANIFEST}: {where}: {first['msg']}",
            hint='It is like {"name": "all-MiniLM-L6-v2", "pooling": "mean", "dimension": 384, "length": 256}.',
        ) from None
    except OSError as error:
        raise UnusableModel(f"{path} cannot be read: {error.strerror}", hint="Name a model's folder.") from None
    for name in (GRAPH, TOKENIZER):
        if not (path / name).is_file():
            raise UnusableModel(f"{path} has no {name}.", hint=f"A model's folder has {GRAPH} and {TOKENIZER}.")
    return Folder(path, manifest)


def digest(files: list[Path]) -> str:
    """Twelve letters that stand for the files' names and bytes."""
    found = blake2b(digest_size=6)
    for path in files:
        found.update(f"{path.name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    return found.hexdigest()
