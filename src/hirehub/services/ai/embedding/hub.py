"""Fetches a model from a hub of models; what was fetched once is used without asking again."""

from pathlib import Path
from typing import Final

from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.embedding.errors import ModelUnavailable, UnusableModel

_FILES: Final = (
    "manifest.json",
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "tokenizer.json",
    "model.safetensors",
    "onnx/model.onnx",
)
_log = get_logger(__name__)


def fetched(name: str, kept: Path, *, revision: str | None = None, hub: str | None = None) -> Path:
    """The folder with the model's files. ModelUnavailable where the hub cannot be reached or has no such model."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()

    def ask(*, local: bool) -> Path:
        return Path(
            snapshot_download(
                name,
                revision=revision,
                cache_dir=kept,
                endpoint=hub,
                allow_patterns=list(_FILES),
                local_files_only=local,
            )
        )

    try:
        found = ask(local=True)
        if _whole(found):
            return found
    except (LocalEntryNotFoundError, OSError):
        pass
    _log.info("model_is_fetched", model=name)
    hint = "Check the name and the network, or name a folder with the model's files."
    try:
        found = ask(local=False)
    except RepositoryNotFoundError:
        raise ModelUnavailable(f"The hub has no model {name} for us.", hint=hint) from None
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelUnavailable(f"The model {name} cannot be fetched: {type(error).__name__}", hint=hint) from None
    if not _whole(found):
        raise UnusableModel(
            f"The hub's model {name} has no tokenizer.json, or neither model.safetensors nor onnx/model.onnx.",
            hint="Choose a model that is kept in these files.",
        )
    return found


def _whole(folder: Path) -> bool:
    weights = ("model.safetensors", "onnx/model.onnx")
    return (folder / "tokenizer.json").is_file() and any((folder / one).is_file() for one in weights)
