"""The vector of a post or a resume: the mean of the vectors of its pieces."""

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from hirehub.contracts.resume import ResumeTexts
from hirehub.kernel.db import Database, Transaction
from hirehub.services.ai.embedding.chunking import chunks
from hirehub.services.ai.embedding.errors import ModelUnavailable, NoModel
from hirehub.services.ai.embedding.model import Model
from hirehub.services.ai.handlers import MATCHING
from hirehub.services.ai.profiles.values import Profile, Source
from hirehub.services.ai.store import match_work, profiles
from hirehub.services.ai.store.profiles import Kept
from hirehub.services.ai.store.tasks import Step

_PIECES: Final = 16
"""Of a text at most, from its beginning: what a long one says later is much of the same, and each costs as much."""


class Vectors:
    """Makes vectors with one model, and keeps them. Without a model, or while it cannot be had, there are none."""

    def __init__(self, model: Model, texts: ResumeTexts) -> None:
        self._model, self._texts = model, texts

    async def refresh(self, db: Database) -> None:
        """Lets everything wait to be turned into vectors anew whose vectors are of another model, or missing."""
        try:
            opened = await self._model.opened()
        except NoModel:
            return
        async with db.transaction() as tx:
            if await match_work.ask_stale(tx, opened.model, opened.dimension):
                tx.announce(MATCHING)

    async def keep(
        self, tx: Transaction, source: Source, own: Profile, before: Kept | None, text_hash: str
    ) -> list[Step]:
        """Makes and keeps the vector of a profile, where its text or the model is another one."""
        began = time.perf_counter()
        try:
            return await self._keep(tx, source, own, before, text_hash)
        except NoModel:
            return []
        except ModelUnavailable as error:
            return [Step("embedding", _millis(began), {}, error.code)]

    async def _keep(
        self, tx: Transaction, source: Source, own: Profile, before: Kept | None, text_hash: str
    ) -> list[Step]:
        opened = await self._model.opened()
        model = opened.model
        made_by = None if before is None else (before.text_hash, before.model, before.dimension)
        if made_by == (text_hash, model, opened.dimension):
            return []
        began = time.perf_counter()
        pieces = chunks(own.text, most=_PIECES)
        if not pieces:
            return []
        made = await self._model.embed(pieces)
        await profiles.put_vector(tx, source, own.id, model, _mean(made).tolist())
        kept: list[tuple[str, Sequence[float] | None]] = list(zip(pieces, made.tolist(), strict=True))
        if source == "job":
            await profiles.put_chunks(tx, own.id, kept)
        else:
            await self._texts.put_chunks(own.id, kept)
        return [Step("embedding", _millis(began), {"pieces": len(pieces)}, model=model)]


def _millis(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _mean(
    vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """The mean direction of unit vectors."""
    total = vectors.sum(axis=0)
    length = float(np.linalg.norm(total))
    found: np.ndarray[tuple[int], np.dtype[np.float32]] = total / length if length else total
    return found
