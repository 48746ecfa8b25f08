"""Opens the model that the settings name: the product's own, a folder, one of a hub, or one behind an address."""

import re
from collections.abc import Callable
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
MODELS: Final = "models"
_HUB: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def open_embedder(settings: ModelSettings, data_dir: Path) -> Embedder:
    """The model; blocks, for seconds where it is converted first, for minutes where a hub sends it.

    NoModel where there is none, ModelUnavailable where a hub does not answer, UnusableModel for any that cannot be
    used here. What is loaded from a folder is shared by all who open it in this process.
    """
    return chosen(settings)(data_dir / "ai")


def chosen(settings: ModelSettings) -> Callable[[Path], Embedder]:
    """What opens the model that the settings name, given a folder of its own; asks neither files nor the network.

    NoModel or UnusableModel where the settings alone say that there is none.
    """
    name = settings.name.strip()
    if name.lower() == OFF:
        raise NoModel("No text is turned into a vector: HIREHUB_AI__MODEL__NAME is none.", hint="Name a model there.")
    if settings.url is not None:
        from hirehub.services.ai.embedding.endpoint import EndpointEmbedder

        endpoint = EndpointEmbedder(settings)
        return lambda _own: endpoint
    found = _folder(name, settings)
    return lambda own: LocalEmbedder(found(own), threads=settings.threads)


def _folder(name: str, settings: ModelSettings) -> Callable[[Path], Folder]:
    """The folder of a model that runs here, converted where it has to be."""
    if name == DEFAULT:
        package = PackageSource()
        return lambda own: converted(package, own / MODELS)
    path = Path(name).expanduser()
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return lambda _own: read_folder(path)
        return lambda own: converted(FolderSource(path), own / MODELS)
    if not _HUB.fullmatch(name):
        raise UnusableModel(
            f"HIREHUB_AI__MODEL__NAME: {name[:200]!r} is no folder, no hub's ORG/NAME, and not {DEFAULT}.",
            hint=f"Use {DEFAULT}, a folder's path, ORG/NAME, or none.",
        )

    def hubs(own: Path) -> Folder:
        from hirehub.services.ai.embedding.hub import fetched

        kept = fetched(name, own / "hub", revision=settings.revision, hub=settings.hub)
        return converted(FolderSource(kept, name), own / MODELS)

    return hubs
