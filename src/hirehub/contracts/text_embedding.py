"""Who turns text into a vector. Until a model is configured nobody does, and searches by text say so."""

from collections.abc import Sequence
from typing import Protocol


class TextEmbedder(Protocol):
    """A model behind a port. Its vectors are comparable with the stored ones only if it made those too."""

    async def embed(self, text: str, *, dimension: int) -> Sequence[float]:
        """The text's vector of so many floats; raises a HirehubError where the model cannot answer."""
        ...
