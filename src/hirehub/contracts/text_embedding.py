"""Who turns text into a vector, where a model is configured; searches by text say so where none is."""

from collections.abc import Sequence
from typing import Protocol


class TextEmbedder(Protocol):
    """A model behind a port. Its vectors are comparable with the stored ones only if it made those too."""

    async def embed(self, text: str, *, dimension: int, model: str) -> Sequence[float]:
        """The text's vector of so many floats, by the model of that name, whatever its version; empty: by any.

        Raises a HirehubError where the model cannot answer, or is another one.
        """
        ...
