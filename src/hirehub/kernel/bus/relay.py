"""The relay carries a service's committed facts from its outbox to the transport, in their order.

Killed between the transport's commit and the outbox's, it carries the same facts again: the transport knows them by
their id. Of several relays of one service one works at a time, the others wait for their turn and find less to do.
"""

import asyncio

from hirehub.kernel.background import heard
from hirehub.kernel.bus import outbox
from hirehub.kernel.bus.settings import BusSettings
from hirehub.kernel.bus.transport import Transport
from hirehub.kernel.bus.waiting import backoff, in_time
from hirehub.kernel.db import Database
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.telemetry import get_logger

_log = get_logger(__name__)


class Relay:
    """Empties one outbox."""

    def __init__(self, database: Database, transport: Transport, settings: BusSettings) -> None:
        self._database = database
        self._transport = transport
        self._settings = settings
        self._told = asyncio.Event()

    async def run(self) -> None:
        """Works until cancelled; whatever was committed before that leaves still, within a second."""
        end = self._database.ring(outbox.CHANNEL, self._told.set)
        failures, told = 0, True
        try:
            while True:
                self._told.clear()
                try:
                    if told or await outbox.filled(self._database):
                        await self.drain()
                    failures, told = 0, False
                except HirehubError as error:
                    failures, told = failures + 1, True
                    _log.warning("relay_waits", code=error.code, failures=failures)
                    await asyncio.sleep(backoff(self._settings, failures))
                    continue
                await heard(self._told, self._settings.poll)
                told = self._told.is_set()
        except asyncio.CancelledError:
            await in_time(self.drain())
            raise
        finally:
            end()

    async def drain(self) -> int:
        """Carries everything that is committed now; the number of facts."""
        carried = 0
        while True:
            moved = await self._carry()
            carried += moved
            if moved < self._settings.batch:
                return carried

    async def _carry(self) -> int:
        """One batch. Losing the removal would only mean carrying again, so its commit does not wait for the disk."""
        async with self._database.transaction() as tx:
            await outbox.alone(tx)
            numbers, facts = await outbox.take(tx, self._settings.batch)
            if facts:
                await self._transport.append(facts)
                await tx.set_local({"synchronous_commit": "off"})
                await outbox.remove(tx, numbers)
            return len(facts)
