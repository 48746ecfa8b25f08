"""Turns texts into vectors on this machine's processor, by ONNX Runtime.

Texts of like length go through the model together, few at a time: what a batch needs then stays in the processor's
cache, and hardly anything is computed for padding. Each thread works batches of its own. Weights are mapped from their
file, and shared by all who use the model in a process.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hirehub.services.ai.embedding.errors import UnusableModel
from hirehub.services.ai.embedding.manifest import GRAPH, TOKENIZER, Folder

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

BATCH: Final = 512
"""Tokens that go through the model together, unless one text has more."""
_MOST_THREADS: Final = 4
_LETTERS: Final = 64
"""Letters of a text that are read, for each token that is."""
_LEAST_NORM: Final = 1e-12
_loading: Final = Lock()


class LocalEmbedder:
    """A model's folder. What it needs is loaded with the first texts."""

    def __init__(self, folder: Folder, *, threads: int = 0) -> None:
        self._folder = folder
        self._threads = threads or min(_cores(), _MOST_THREADS)

    @property
    def model(self) -> str:
        """See Embedder.model."""
        return self._folder.model

    @property
    def dimension(self) -> int:
        """See Embedder.dimension."""
        return self._folder.manifest.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See Embedder.embed."""
        manifest = self._folder.manifest
        found = np.zeros((len(texts), manifest.dimension), np.float32)
        if not texts:
            return found
        with _loading:
            session, tokenizer, threads = _loaded(self._folder.path, manifest.length, self._threads)
        most = manifest.length * _LETTERS
        tokens = [tokenizer.encode((manifest.prefix + text)[:most]).ids for text in texts]
        batches = batched([len(one) for one in tokens], BATCH)

        def work(batch: list[int]) -> None:
            found[batch] = self._vectors(session, [tokens[one] for one in batch])

        for _ in threads.map(work, batches):
            pass
        return found

    def _vectors(self, session: "InferenceSession", tokens: list[list[int]]) -> NDArray[np.float32]:
        """The vectors of a batch."""
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        try:
            hidden = session.run(None, {one.name: known[one.name] for one in session.get_inputs()})[0]
        except (KeyError, ValueError, RuntimeError) as error:
            raise UnusableModel(f"The model {self.model} cannot be run: {str(error)[:200]}") from None
        return pooled(np.asarray(hidden, np.float32), mask, self._folder.manifest.pooling, self.dimension)


def pooled(hidden: NDArray[np.float32], mask: NDArray[np.int64], pooling: str, dimension: int) -> NDArray[np.float32]:
    """Of each text one vector of unit length, out of those of its tokens (texts, tokens, hidden) or already pooled."""
    if hidden.shape[-1] != dimension or hidden.ndim not in (2, 3):
        raise UnusableModel(
            f"The model gives numbers of the shape {hidden.shape}, its manifest says {dimension} floats a vector."
        )
    if hidden.ndim == 3:
        weights = mask.astype(np.float32)[:, None, :]
        hidden = hidden[:, 0] if pooling == "cls" else (weights @ hidden)[:, 0]
    found: NDArray[np.float32] = hidden / np.maximum(np.linalg.norm(hidden, axis=1, keepdims=True), _LEAST_NORM)
    return found


def batched(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Places of texts that go together: the longest first, each batch at most so many tokens with its padding."""
    found: list[list[int]] = []
    room = 0
    for place in sorted(range(len(lengths)), key=lambda one: -lengths[one]):
        if not found or len(found[-1]) >= room:
            found.append([])
            room = max(most // max(lengths[place], 1), 1)
        found[-1].append(place)
    return found


@lru_cache(maxsize=2)
def _loaded(path: Path, length: int, threads: int) -> "tuple[InferenceSession, Tokenizer, ThreadPoolExecutor]":
    """A model ready to be run, once in a process."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path / GRAPH), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(path / TOKENIZER))
    except Exception as error:  # noqa: BLE001 - both libraries raise classes of their own, straight below Exception
        raise UnusableModel(f"{path} cannot be loaded: {str(error)[:200]}", hint="Make the folder anew.") from None
    tokenizer.no_padding()
    tokenizer.enable_truncation(length)
    return session, tokenizer, ThreadPoolExecutor(threads, thread_name_prefix="ai-embed")


def _cores() -> int:
    """Processors that this process may use."""
    known: Any = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1
