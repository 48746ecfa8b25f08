"""Whether a process is ready for work: all checks at once, each within a time, the failing ones by name.

Callers that ask at the same moment share one round, so that asking often costs the checked systems nothing.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from hirehub.kernel.errors import HirehubError
from hirehub.kernel.module import Check
from hirehub.kernel.telemetry import get_logger

CHECK_SECONDS = 2.0
_REMEMBERED_SECONDS = 0.5
_log = get_logger(__name__)


@dataclass(frozen=True)
class Report:
    """What each check said: "ok", or what is not."""

    checks: dict[str, str]

    @property
    def ready(self) -> bool:
        """Whether all is well."""
        return all(said == "ok" for said in self.checks.values())


class Readiness:
    """Runs the checks of a process."""

    def __init__(self, checks: Sequence[Check], limit: float = CHECK_SECONDS) -> None:
        self._checks, self._limit = tuple(checks), limit
        self._round: asyncio.Task[Report] | None = None
        self._ended = float("-inf")

    async def report(self) -> Report:
        """The result of the round under way, of one that just ended, or of a new one."""
        if self._round is None or (self._round.done() and time.monotonic() - self._ended > _REMEMBERED_SECONDS):
            self._round = asyncio.create_task(self._run())
        return await asyncio.shield(self._round)

    async def _run(self) -> Report:
        said = await asyncio.gather(*(self._ask(check) for check in self._checks))
        self._ended = time.monotonic()
        return Report({check.name: word for check, word in zip(self._checks, said, strict=True)})

    async def _ask(self, check: Check) -> str:
        """One check's word; a fault in it is told by its type alone, for its message may hold anything."""
        try:
            async with asyncio.timeout(self._limit):
                await check.run()
        except HirehubError as error:
            return error.message
        except TimeoutError:
            return f"did not answer within {self._limit:g} seconds"
        except Exception as error:  # noqa: BLE001 - a check that breaks is a check that fails
            _log.warning("check_broke", check=check.name, exc_info=error)
            return f"failed ({type(error).__name__})"
        return "ok"
