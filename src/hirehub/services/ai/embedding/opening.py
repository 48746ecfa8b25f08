"""Opens the model that the settings name: the product's own, a folder, one of a hub, or one behind an address."""

import re
from pathlib import Path
from typing import Final

from hirehub.services.ai.embedding.conversion import converted
from hirehub.services.ai.embedding.errors import NoModel, UnusableModel
from hirehub.services.ai.embedding.local import LocalEmbedder
from hirehub.services.ai.embedding.manifest import MANIFEST, Folder, read_folder
from hirehub.services.ai.embedding.port import Embedder
from hirehub.services.ai.embedding.sources import DEFAULT, FolderSource, PackageSource
from hirehub.services.ai.settings import ModelSettings

OFF: Final = "none"
_HUB: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def open_embedder(settings: ModelSettings, data_dir: Path) -> Embedder:
    """The model; blocks, for seconds where it is converted first, for minutes where a hub sends it.

    NoModel where there is none, ModelUnavailable where a hub does not answer, UnusableModel for any that cannot be
    used here. What is loaded from a folder is shared by all who open it in this process.
    """
    if settings.name.strip().lower() == OFF:
        raise NoModel("No text is turned into a vector: HIREHUB_AI__MODEL__NAME is none.", hint="Name a model there.")
    if settings.url is not None:
        from hirehub.services.ai.embedding.endpoint import EndpointEmbedder

        return EndpointEmbedder(settings)
    return LocalEmbedder(_folder(settings, data_dir / "ai"), threads=settings.threads)


def _folder(settings: ModelSettings, own: Path) -> Folder:
    """The folder of a model that runs here, converted where it has to be."""
    models, name = own / "models", settings.name.strip()
    if name == DEFAULT:
        return converted(PackageSource(), models)
    path = Path(name).expanduser()
    if path.is_dir():
        return read_folder(path) if (path / MANIFEST).is_file() else converted(FolderSource(path), models)
    if _HUB.fullmatch(name):
        from hirehub.services.ai.embedding.hub import fetched

        return converted(FolderSource(fetched(name, settings.revision, own / "hub"), name), models)
    raise UnusableModel(
        f"HIREHUB_AI__MODEL__NAME: {name[:200]!r} is no folder, no hub's ORG/NAME, and not {DEFAULT}.",
        hint=f"Use {DEFAULT}, a folder's path, ORG/NAME, or none.",
    )
