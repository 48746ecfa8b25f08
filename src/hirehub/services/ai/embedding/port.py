"""What a model is to those who use it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """Texts to vectors of unit length; those of two models cannot be compared."""

    @property
    def model(self) -> str:
        """The model's name and version: at most 100 letters, another one for vectors that cannot be compared."""
        ...

    @property
    def dimension(self) -> int:
        """Floats a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The texts' vectors, (texts, dimension); blocks. A HirehubError where the model cannot answer."""
        ...
