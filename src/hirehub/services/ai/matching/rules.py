"""The rules by which posts and resumes are read and scored, as one hash; what was made by others is made anew."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from hirehub.kernel.db import Database
from hirehub.kernel.telemetry import get_logger
from hirehub.services.ai.handlers import MATCHING
from hirehub.services.ai.scoring.model import Weights
from hirehub.services.ai.scoring.versions import digest
from hirehub.services.ai.settings import MatchingSettings
from hirehub.services.ai.store import match_work

MADE_BY: Final = ("parsing", "profiles", "scoring", "skills", "work")
"""The packages of `ai` that profiles, numbers and evidence are made by; all of their program and data counts."""
_COUNTS: Final = (".py", ".toml", ".tsv")

_log = get_logger(__name__)


def weights_of(settings: MatchingSettings) -> Weights:
    """The weights of the parts of a score."""
    return Weights(settings.weights.skill, settings.weights.experience, settings.weights.culture)


def rules(weights: Weights) -> str:
    """The SHA-256 (hex) of all that a stored match depends on, beside the post and the resume themselves."""
    return hashlib.sha256(f"{_packages()}\n{digest(weights)}".encode()).hexdigest()


async def renew(db: Database, weights: Weights) -> None:
    """Lets every open post and every resume wait that was read by other rules; does nothing where none was."""
    async with db.transaction() as tx:
        number = await match_work.ask_outdated(tx, rules(weights))
        if number:
            tx.announce(MATCHING)
    if number:
        _log.info("matches_renewed", waiting=number)


@cache
def _packages() -> str:
    found = hashlib.sha256()
    for package in MADE_BY:
        for name, content in _contents(package, files(f"hirehub.services.ai.{package}")):
            found.update(f"{name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _contents(name: str, folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """Files that count with their paths, in one order on every machine."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            yield from _contents(f"{name}/{one.name}", one)
        elif one.name.endswith(_COUNTS):
            yield f"{name}/{one.name}", one.read_bytes()
