"""How a part of a service joins the bus: its relay, its subscriber, and the transport that the settings ask for; and
the home of most parts: the service's database beside its place on the bus.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hirehub.kernel.bus.postgres import PostgresTransport
from hirehub.kernel.bus.relay import Relay
from hirehub.kernel.bus.settings import BusSettings
from hirehub.kernel.bus.subscriber import Handler, Subscriber
from hirehub.kernel.bus.transport import Transport
from hirehub.kernel.db import Database, open_database
from hirehub.kernel.module import Background, Check, Module
from hirehub.kernel.settings import Settings, load


@dataclass(frozen=True)
class Joined:
    """What a part runs and closes for the bus."""

    background: tuple[Background, ...]
    transport: Transport

    async def close(self) -> None:
        """Lets go of the transport; after the background work has ended."""
        await self.transport.close()


async def join(
    kernel: Settings, module: Module, database: Database, *, handlers: Mapping[str, Handler] | None = None
) -> Joined:
    """Joins for a service, with a handler for each topic that its descriptor hears.

    Raises DatabaseUnavailable where the bus's database does not let us in.
    """
    heard = dict(handlers or {})
    if set(heard) != set(module.hears):
        raise ValueError(f"{module.name} hears {sorted(module.hears)} and has handlers for {sorted(heard)}")
    settings = load(BusSettings)
    transport = await PostgresTransport.open(kernel, module.name)
    runners = [Background(f"bus of {module.name}", transport.run)]
    if module.tells:
        runners.append(Background(f"relay of {module.name}", Relay(database, transport, settings).run))
    if heard:
        subscriber = Subscriber(module.name, heard, database=database, transport=transport, settings=settings)
        runners.append(Background(f"subscriber of {module.name}", subscriber.run))
        runners.append(Background(f"upkeep of {module.name}", subscriber.upkeep))
    return Joined(tuple(runners), transport)


@dataclass(frozen=True)
class Home:
    """A service's database and its place on the bus."""

    name: str
    db: Database
    joined: Joined

    @property
    def background(self) -> tuple[Background, ...]:
        """What runs for the bus."""
        return self.joined.background

    @property
    def check(self) -> Check:
        """That the database answers."""
        return Check(self.name, self.db.answers)

    async def close(self) -> None:
        """Lets go of both; after the background work has ended."""
        await self.joined.close()
        await self.db.close()


async def at_home(
    kernel: Settings, module: Module, *, handlers: Mapping[str, Handler] | None = None, name: str = ""
) -> Home:
    """Opens the service's database and joins the bus; DatabaseUnavailable where one of the two does not let us in."""
    db = await open_database(kernel, module.name)
    try:
        return Home(name or module.name, db, await join(kernel, module, db, handlers=handlers))
    except BaseException:
        await db.close()
        raise
