"""Computes a stored match again, from the facts that `ai` keeps under their hashes, and compares every number.

Both services' databases are read, as their own roles; nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from hirehub.contracts.match import Replay, WeightsTold
from hirehub.kernel.db import open_database
from hirehub.kernel.errors import Missing
from hirehub.kernel.settings import Settings
from hirehub.services.ai.profiles.values import from_json
from hirehub.services.ai.scoring.model import Match, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import score
from hirehub.services.ai.store import profiles
from hirehub.services.match.store import matches

NUMBERS: Final = ("overall", "skill", "experience", "culture", "low", "high")


class NoSuchMatch(Missing):
    """A match that nobody stores."""

    code = "no_such_match"


class FactsForgotten(Missing):
    """A match whose facts are gone, as the resume or the post is."""

    code = "facts_forgotten"


@dataclass(frozen=True)
class Replayed:
    """A match as it is stored and as it is computed now, from the same facts and weights; None is unknown."""

    match_id: UUID
    stored: Mapping[str, Decimal | None]
    computed: Mapping[str, Decimal | None]
    same_code: bool
    """Whether the rules and the taxonomy are those of then."""

    @property
    def same(self) -> bool:
        """Whether every number is what it was."""
        return self.stored == self.computed


async def replay(settings: Settings, match_id: UUID) -> Replayed:
    """Computes a match again; NoSuchMatch, FactsForgotten."""
    async with await open_database(settings, "match") as db, db.transaction() as tx:
        kept = await matches.get_whole(tx, match_id)
    if kept is None or kept.score_breakdown is None:
        raise NoSuchMatch(f"There is no match {match_id}.", hint="Look at /api/v1/matches for those that there are.")
    hashes = Replay.model_validate(kept.score_breakdown["replay"])
    weights = WeightsTold.model_validate(kept.score_breakdown["weights"])
    resume, post = await _facts(settings, hashes)
    found = score(resume, post, Weights(weights.skill, weights.experience, weights.culture), language="en")
    stored: dict[str, Decimal | None] = {name: getattr(kept, f"{name}_score") for name in NUMBERS}
    return Replayed(match_id, stored, _numbers(found), found.versions.code == hashes.code)


async def _facts(settings: Settings, hashes: Replay) -> tuple[ResumeFacts, PostFacts]:
    async with await open_database(settings, "ai") as db, db.transaction() as tx:
        texts = await profiles.facts(tx, [hashes.resume, hashes.job])
    if len(texts) < 2:
        raise FactsForgotten(
            "What this match was computed from is gone.", hint="Resumes that are removed take it along."
        )
    resume, post = from_json("resume", texts[hashes.resume]), from_json("job", texts[hashes.job])
    assert isinstance(resume, ResumeFacts)  # noqa: S101 - read as such
    assert isinstance(post, PostFacts)  # noqa: S101 - read as such
    return resume, post


def _numbers(found: Match) -> dict[str, Decimal | None]:
    numbers: dict[str, Any] = {name: getattr(found, name) for name in NUMBERS}
    return numbers
