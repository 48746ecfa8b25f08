"""The vector of a post or a resume: the mean of the vectors of its pieces."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hirehub.contracts.resume import ResumeTexts
from hirehub.kernel.db import Transaction
from hirehub.services.ai.embedding.chunking import chunks
from hirehub.services.ai.embedding.port import Embedder
from hirehub.services.ai.profiles.values import Profile, Source, Vector
from hirehub.services.ai.store import profiles
from hirehub.services.ai.store.profiles import Kept
from hirehub.services.ai.store.tasks import Step

_KEPT: Final = 384
"""Floats of the columns that keep the vectors of pieces; those of another dimension are kept for the whole alone."""


@dataclass(frozen=True)
class Embedding:
    """A vector and the model that made it."""

    model: str
    vector: Vector


class Vectors:
    """Makes vectors with one model, and keeps them."""

    def __init__(self, embedder: Embedder, texts: ResumeTexts) -> None:
        self._embedder, self._texts = embedder, texts

    async def of(
        self, tx: Transaction, source: Source, own: Profile, before: Kept | None, text_hash: str
    ) -> tuple[Embedding | None, list[Step]]:
        """The vector of a profile that is kept already, made anew where the text or the model is another one."""
        model = self._embedder.model
        if before is not None and before.text_hash == text_hash and before.model == model:
            known = await profiles.vector(tx, source, own.id)
            return (None if known is None else Embedding(model, known)), []
        began = time.perf_counter()
        pieces = chunks(own.text)
        if not pieces:
            return None, []
        made = await asyncio.to_thread(self._embedder.embed, pieces)
        whole = Embedding(model, _mean(made).tolist())
        await profiles.put_vector(tx, source, own.id, model, whole.vector)
        kept: list[Sequence[float] | None] = [one.tolist() if len(one) == _KEPT else None for one in made]
        if source == "job":
            await profiles.put_chunks(tx, own.id, list(zip(pieces, kept, strict=True)))
        else:
            await self._texts.put_chunks(own.id, list(zip(pieces, kept, strict=True)))
        millis = round((time.perf_counter() - began) * 1000)
        return whole, [Step("embedding", millis, {"pieces": len(pieces)}, model=model)]


def _mean(
    vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """The mean direction of unit vectors."""
    total = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    found: np.ndarray[tuple[int], np.dtype[np.float32]] = total / length if length else total
    return found
