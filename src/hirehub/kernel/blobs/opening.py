"""The keeper of files that the settings ask for."""

from hirehub.kernel.blobs.folder import FolderBlobs
from hirehub.kernel.blobs.port import Blobs
from hirehub.kernel.settings import Settings


def open_blobs(settings: Settings, name: str) -> Blobs:
    """The files of that name, below the data directory."""
    return FolderBlobs(settings.data_dir / "files" / name)
