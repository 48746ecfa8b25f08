"""Reads weights out of a safetensors file: a length, a header in JSON, then the numbers of each tensor."""

import json
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hirehub.services.ai.embedding.errors import UnusableModel

_MOST_HEADER: Final = 16_777_216
_LENGTH: Final = 8
_HALF: Final = "BF16"
_TYPES: Final[dict[str, type[np.generic]]] = {"F32": np.float32, "F16": np.float16, _HALF: np.uint16}


def read_tensors(content: bytes | memoryview) -> dict[str, NDArray[np.float32]]:
    """The file's tensors of floats, by name; views of the content where they are float32 in it."""
    try:
        size = int.from_bytes(content[:_LENGTH], "little")
        if size > _MOST_HEADER:
            raise ValueError(f"a header of {size} bytes")
        header = json.loads(bytes(content[_LENGTH : _LENGTH + size]))
        told = {name: one for name, one in header.items() if name != "__metadata__" and one["dtype"] in _TYPES}
        return {name: _tensor(content, _LENGTH + size, one) for name, one in told.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableModel(f"The model's weights are no safetensors: {str(error)[:100]}") from None


def _tensor(content: bytes | memoryview, start: int, told: dict[str, Any]) -> NDArray[np.float32]:
    kind, shape, (begin, end) = told["dtype"], told["shape"], told["data_offsets"]
    count = prod(shape)
    if begin < 0 or end - begin != count * np.dtype(_TYPES[kind]).itemsize:
        raise ValueError("a tensor whose bytes are not where its shape says")
    found: NDArray[Any] = np.frombuffer(content, dtype=_TYPES[kind], count=count, offset=start + begin)
    if kind == _HALF:
        found = (found.astype(np.uint32) << 16).view(np.float32)
    return found.astype(np.float32, copy=False).reshape(shape)
