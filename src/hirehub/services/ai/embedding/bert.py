"""A BERT encoder as a graph of ONNX Runtime's fused operators: token ids to the vectors of the last layer.

The weights are those that the reference implementation saves, under its names. Dense layers are turned once, queries,
keys and values are put into one: that is what the fused operators read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hirehub.services.ai.embedding.errors import UnusableModel
from hirehub.services.ai.embedding.onnx_file import CONTRIB, Attribute, Value, Weights, model, node, weights

Tensors = Mapping[str, NDArray[np.float32]]
_GELU: Final = "gelu"
_INT32: Final = 6


@dataclass(frozen=True)
class Shape:
    """What a model's `config.json` says of it."""

    layers: int
    heads: int
    hidden: int
    epsilon: float

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Shape":
        """The shape; UnusableModel for any other than a BERT encoder."""
        kind, gelu = config.get("model_type"), config.get("hidden_act")
        if kind != "bert" or gelu != _GELU or config.get("position_embedding_type", "absolute") != "absolute":
            raise UnusableModel(
                f"A model of the kind {str(kind)[:40]!r} with {str(gelu)[:40]!r} cannot be converted here.",
                hint="Use a folder or a hub's model with an ONNX file (onnx/model.onnx).",
            )
        try:
            layers, heads, hidden = (
                int(config[name]) for name in ("num_hidden_layers", "num_attention_heads", "hidden_size")
            )
            return cls(layers, heads, hidden, float(config.get("layer_norm_eps", 1e-12)))
        except (KeyError, TypeError, ValueError):
            raise UnusableModel("The model's config.json does not tell its sizes.") from None


class _Graph:
    """A graph while it is built: its operators, and the weights that they read."""

    def __init__(self, shape: Shape, tensors: Tensors) -> None:
        self.shape = shape
        self.nodes: list[bytes] = []
        self.kept: dict[str, NDArray[np.float32]] = {}
        self._tensors = tensors
        self._prefix = "bert." if "bert.embeddings.LayerNorm.weight" in tensors else ""

    def add(self, op: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Attribute) -> str:
        """Adds an operator; the name of what it gives."""
        self.nodes.append(node(op, inputs, [output], domain, **attributes))
        return output

    def weight(self, name: str) -> str:
        """A weight as it is."""
        return self._keep(name, self._take(name))

    def dense(self, x: str, name: str) -> str:
        """A dense layer without its bias."""
        return self.add("MatMul", [x, self._keep(f"{name}.weight", self._take(f"{name}.weight").T)], f"{name}.out")

    def embedded(self, ids: str, mask: str) -> tuple[str, str]:
        """Token ids to vectors; and the lengths of the texts."""
        tables = [self.weight(f"embeddings.{one}_embeddings.weight") for one in ("word", "position", "token_type")]
        normal = [self.weight(f"embeddings.LayerNorm.{one}") for one in ("weight", "bias")]
        inputs = [ids, self.add("Sub", [ids, ids], "segments"), *tables, *normal, mask]
        found = ("embedded", "lengths")
        epsilon = self.shape.epsilon
        self.nodes.append(node("EmbedLayerNormalization", inputs, found, CONTRIB, epsilon=epsilon))
        return found

    def attention(self, x: str, lengths: str, name: str) -> str:
        """What each token sees of the others of its text."""
        heads = ("query", "key", "value")
        joined = np.concatenate([self._take(f"{name}.{one}.weight").T for one in heads], axis=1)
        inputs = [x, self._keep(f"{name}.weight", joined)]
        biases = [self._take(f"{name}.{one}.bias") for one in heads]
        inputs += [self._keep(f"{name}.bias", np.concatenate(biases)), lengths]
        return self.add("Attention", inputs, f"{name}.out", CONTRIB, num_heads=self.shape.heads)

    def added(self, x: str, before: str, name: str) -> str:
        """The end of a dense layer: its bias and what was before it added, then made even."""
        inputs = [x, before, *(self.weight(f"{name}.LayerNorm.{one}") for one in ("weight", "bias"))]
        inputs.append(self.weight(f"{name}.dense.bias"))
        op, epsilon = "SkipLayerNormalization", self.shape.epsilon
        return self.add(op, inputs, f"{name}.even", CONTRIB, epsilon=epsilon)

    def layer(self, x: str, lengths: str, name: str) -> str:
        """One layer of the encoder."""
        seen = self.attention(x, lengths, f"{name}.attention.self")
        x = self.added(self.dense(seen, f"{name}.attention.output.dense"), x, f"{name}.attention.output")
        wide = [self.dense(x, f"{name}.intermediate.dense"), self.weight(f"{name}.intermediate.dense.bias")]
        bent = self.add("BiasGelu", wide, f"{name}.intermediate.bent", CONTRIB)
        return self.added(self.dense(bent, f"{name}.output.dense"), x, f"{name}.output")

    def _take(self, name: str) -> NDArray[np.float32]:
        try:
            return self._tensors[self._prefix + name]
        except KeyError:
            raise UnusableModel(f"The model's weights have no {name}.") from None

    def _keep(self, name: str, value: NDArray[np.float32]) -> str:
        self.kept[name] = value
        return name


def encoder(shape: Shape, tensors: Tensors, file: str) -> tuple[bytes, Weights]:
    """The model's file, and the weights for a file of that name beside it.

    It reads `input_ids` and `attention_mask` (texts, tokens) and gives `last_hidden_state` (texts, tokens, hidden).
    """
    made = _Graph(shape, tensors)
    ids, mask = (made.add("Cast", [name], f"{name}.32", to=_INT32) for name in ("input_ids", "attention_mask"))
    x, lengths = made.embedded(ids, mask)
    for number in range(shape.layers):
        x = made.layer(x, lengths, f"encoder.layer.{number}")
    made.add("Identity", [x], "last_hidden_state")
    sizes = ("texts", "tokens")
    inputs: list[Value] = [(name, "int64", sizes) for name in ("input_ids", "attention_mask")]
    outputs: list[Value] = [("last_hidden_state", "float32", (*sizes, shape.hidden))]
    beside = weights(made.kept, file)
    return model(made.nodes, inputs, outputs, beside.described), beside
