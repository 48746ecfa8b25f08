"""Converts a model, once: what the reference implementation saves becomes a folder that ONNX Runtime reads.

The folder appears under its name when it is whole. Processes that convert at once end with the same one; what a killed
one left behind is swept away by a later. What other states of a model were converted to is removed after a week,
once no process uses it.
"""

import glob
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from hirehub.kernel.data_dir import usable
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.embedding.bert import Shape, encoder
from hirehub.services.ai.embedding.errors import UnusableModel
from hirehub.services.ai.embedding.holding import hold, remove_unused
from hirehub.services.ai.embedding.manifest import GRAPH, MANIFEST, TOKENIZER, Folder, Manifest, Pooling, read_folder
from hirehub.services.ai.embedding.safetensors import read_tensors
from hirehub.services.ai.embedding.sources import Source

FORMAT: Final = 1
"""Of converted folders; another one converts anew."""
_WEIGHTS: Final = "weights.bin"
_DRAFT: Final = ".draft-"
_ABANDONED_SECONDS: Final = 3600.0
_UNUSED_SECONDS: Final = 604_800.0
"""Folders that are younger stay: whoever goes from one state of a model to another and back converts nothing again."""
_ATTEMPTS: Final = 3
_LENGTH: Final = 512
_MODULES: Final = {"Transformer", "Pooling", "Normalize"}

_log = get_logger(__name__)


def converted(source: Source, models: Path) -> Folder:
    """The model's folder below `models`, held until the process ends; converted now if it is not there yet."""
    stamp, name = source.stamp(), source.name.replace("/", "--")
    target = models / f"{name}-{stamp}-{FORMAT}"
    for _ in range(_ATTEMPTS):
        if not target.is_dir():
            _convert(source, stamp, target)
        if hold(target):
            break
    _prune(name, target)
    return read_folder(target)


def _convert(source: Source, stamp: str, target: Path) -> None:
    began, models = time.perf_counter(), target.parent
    _log.info("model_is_converted", model=source.name)
    with usable():
        models.mkdir(parents=True, exist_ok=True)
        _sweep(models)
        draft = _new_draft(models)
        draft.mkdir()
        try:
            _fill(draft, source, stamp)
            _put(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    _log.info("model_converted", model=source.name, seconds=round(time.perf_counter() - began, 1))


def _new_draft(models: Path) -> Path:
    return models / f"{_DRAFT}{os.getpid()}-{secrets.token_hex(4)}"


def _prune(name: str, target: Path) -> None:
    """Removes what other states of the model were converted to, where it is old and no process uses it."""
    with suppress(OSError):
        for one in target.parent.glob(f"{glob.escape(name)}-*"):
            converted_by_us = re.fullmatch(r"-[0-9a-f]{12}-\d+", one.name.removeprefix(name))
            if one == target or not converted_by_us or time.time() - one.stat().st_mtime < _UNUSED_SECONDS:
                continue
            if remove_unused(one, _new_draft(target.parent)):
                _log.info("model_removed", folder=one.name)


def _put(draft: Path, target: Path) -> None:
    """Gives the draft its name, unless another process was faster."""
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _sweep(models: Path) -> None:
    """Removes drafts that nobody works at any more."""
    for one in models.glob(f"{_DRAFT}*"):
        if time.time() - one.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(one, ignore_errors=True)


def _fill(draft: Path, source: Source, stamp: str) -> None:
    config, dimension = _json(source, "config.json"), 0
    for graph in (GRAPH, f"onnx/{GRAPH}"):
        if source.has(graph) and not source.has("model.safetensors"):
            _write(draft / GRAPH, [source.read(graph)])
            dimension = _size(config, "hidden_size")
            break
    else:
        dimension = _build(draft, source, config)
    _write(draft / TOKENIZER, [source.read(TOKENIZER)])
    manifest = Manifest(
        name=source.name,
        version=stamp,
        pooling=_pooling(source),
        dimension=dimension,
        length=_tokens(source, config),
    )
    _write(draft / MANIFEST, [manifest.model_dump_json(indent=2).encode()])


def _build(draft: Path, source: Source, config: dict[str, Any]) -> int:
    """Makes the graph out of the weights; floats a vector."""
    shape = Shape.of(config)
    graph, beside = encoder(shape, read_tensors(source.read("model.safetensors")), _WEIGHTS)
    _write(draft / _WEIGHTS, beside.content)
    _write(draft / GRAPH, [graph])
    return shape.hidden


def _write(path: Path, content: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())


def _pooling(source: Source) -> Pooling:
    """How the tokens' vectors become one; UnusableModel for a way that is not known here."""
    if source.has("modules.json"):
        modules = json.loads(source.read("modules.json"))
        kinds = {str(one.get("type", "")).rpartition(".")[2] for one in modules}
        if other := kinds - _MODULES:
            raise UnusableModel(f"The model {source.name} has a stage {', '.join(other)[:60]} that is not known here.")
    if not source.has("1_Pooling/config.json"):
        return "mean"
    told = _json(source, "1_Pooling/config.json")
    chosen = {name.removeprefix("pooling_mode_") for name, on in told.items() if name.startswith("pooling_mode") and on}
    if chosen == {"mean_tokens"}:
        return "mean"
    if chosen == {"cls_token"}:
        return "cls"
    raise UnusableModel(f"The model {source.name} pools by {', '.join(chosen)[:60] or 'nothing'}: not known here.")


def _tokens(source: Source, config: dict[str, Any]) -> int:
    """Tokens of a text that the model reads."""
    if source.has("sentence_bert_config.json"):
        told = _json(source, "sentence_bert_config.json")
        if told.get("max_seq_length"):
            return _size(told, "max_seq_length")
    return min(_size(config, "max_position_embeddings"), _LENGTH)


def _size(told: dict[str, Any], name: str) -> int:
    if not isinstance(told.get(name), int):
        raise UnusableModel(f"The model's settings do not tell its {name}.")
    return int(told[name])


def _json(source: Source, name: str) -> dict[str, Any]:
    try:
        found = json.loads(source.read(name))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnusableModel(f"{name} of the model {source.name} is no JSON object.")
    return found
