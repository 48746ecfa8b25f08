"""`hirehub events`: facts between services are watched, and those that could not be worked are looked after."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from hirehub.kernel.bus import Fact
    from hirehub.kernel.db import Database
    from hirehub.kernel.module import Module
    from hirehub.kernel.settings import Settings

app = typer.Typer(no_args_is_help=True)
dead = typer.Typer(no_args_is_help=True, help="Shows, replays and drops facts that could not be worked.")
app.add_typer(dead, name="dead")

_SECONDS = 0.5
_AT_ONCE = 500
_MOST_SHOWN = 200
"""Letters of a body in a line."""

Topic = Annotated[str, typer.Argument(metavar="[TOPIC]", help="Only of this topic, such as job.updated.")]
TopicOption = Annotated[str, typer.Option("--topic", metavar="TOPIC", help="Only of this topic.")]
ServiceOption = Annotated[str, typer.Option("--service", metavar="SERVICE", help="Only of this subscriber.")]
Ids = Annotated[list[UUID], typer.Argument(metavar="ID...", help="Ids of facts.")]


@app.callback()
def events() -> None:
    """Watches facts between services."""


@app.command()
def topics(json: Json = False) -> None:
    """Lists the topics, who tells and who hears them."""
    from hirehub.runtime.facts import FACTS, hearers, tellers

    out = Output(json)
    found = [(kind.topic, tellers(kind.topic), hearers(kind.topic)) for kind in FACTS]
    out.document({"topics": [{"topic": topic, "told_by": told, "heard_by": heard} for topic, told, heard in found]})
    out.table(
        ["topic", "told by", "heard by"],
        [[topic, ", ".join(told) or "-", ", ".join(heard) or "-"] for topic, told, heard in found],
    )


@app.command()
def spec(json: Json = True) -> None:  # noqa: ARG001 - scripts need not know which commands have but one form
    """Prints the facts as an AsyncAPI document, which is JSON with and without --json."""
    from hirehub.runtime.facts import asyncapi

    Output(json=True).document(asyncapi())


@app.command()
def tail(
    topic: Topic = "",
    number: Annotated[int, typer.Option("-n", "--number", min=0, max=_AT_ONCE, help="How many of the newest.")] = 20,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on as facts come, until Ctrl-C.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Print bodies to their end.")] = False,
    json: Json = False,
) -> None:
    """Prints the newest facts: time, topic, key, id, and how the body begins. With --json each is a whole CloudEvent.

    Each is one line. A score with its evidence takes several thousand letters, so a body is cut after 200.
    """
    _check(topic)
    show = _document if json else _whole_line if whole else _line
    with _server() as settings:
        run_async(_tail(settings, topic or None, number, follow, show))


def _check(topic: str) -> None:
    """Refuses the name of no topic, of which nothing is ever told."""
    from hirehub.runtime.facts import FACTS

    known = sorted(kind.topic for kind in FACTS)
    if topic and topic not in known:
        raise typer.BadParameter(f"There is no topic {topic!r}. Use one of: {', '.join(known)}.")


async def _tail(
    settings: "Settings", topic: str | None, number: int, follow: bool, show: "Callable[[Fact], str]"
) -> None:
    import asyncio

    from hirehub.kernel.broker import log

    async with _database(settings, "bus") as db:
        async with db.read() as tx:
            position = await log.before_newest(tx, number, topic=topic)
        while True:
            async with db.read() as tx:
                found = await log.after(tx, position, topic=topic, most=_AT_ONCE)
            for one in found:
                typer.echo(show(one.fact))
            position = found[-1].position if found else position
            if len(found) < _AT_ONCE:
                if not follow:
                    return
                await asyncio.sleep(_SECONDS)


def _document(fact: "Fact") -> str:
    from json import dumps

    return dumps(fact.cloud_event(), ensure_ascii=False)


def _line(fact: "Fact") -> str:
    body = fact.body if len(fact.body) <= _MOST_SHOWN else f"{fact.body[:_MOST_SHOWN]}…"
    return _whole_line(replace(fact, body=body))


def _whole_line(fact: "Fact") -> str:
    return f"{fact.time:%Y-%m-%d %H:%M:%S}  {fact.topic:<28} {fact.key}  {fact.id}  {fact.body}"


@dead.command("list")
def list_dead(service: ServiceOption = "", topic: TopicOption = "", json: Json = False) -> None:
    """Lists the facts that were set aside, and why."""
    from hirehub.kernel.bus import dead as store

    out = Output(json)

    async def work(settings: "Settings") -> None:
        found = []
        for module in _subscribers(service):
            async with _database(settings, module.name) as db, db.read() as tx:
                found += await store.listed(tx, topic=topic or None)
        out.document({"facts": found})
        rows = [[one.fact.id, one.subscriber, one.fact.topic, one.attempts, one.dead_at, one.reason] for one in found]
        out.table(["id", "subscriber", "topic", "tries", "set aside", "reason"], rows)

    with _server() as settings:
        run_async(work(settings))


@dead.command()
def show(fact_id: Annotated[UUID, typer.Argument(metavar="ID")], json: Json = False) -> None:
    """Shows a fact that was set aside, with its body."""
    from hirehub.kernel.bus import dead as store
    from hirehub.kernel.errors import Missing

    out = Output(json)

    async def work(settings: "Settings") -> None:
        for module in _subscribers(""):
            async with _database(settings, module.name) as db, db.read() as tx:
                found = await store.listed(tx, fact_id=fact_id)
            if found:
                out.document({"facts": found})
                for one in found:
                    out.line(f"{one.subscriber}: {one.reason}, {one.attempts} tries, {one.dead_at:%Y-%m-%d %H:%M:%S}")
                    out.line(f"  {one.fact.topic} {one.fact.key} {one.fact.body}")
                return
        raise Missing("No such fact was set aside.", hint="List them: hirehub events dead list")

    with _server() as settings:
        run_async(work(settings))


@dead.command()
def replay(ids: Ids, json: Json = False) -> None:
    """Lets facts be worked again, with all their attempts. Doing it twice works them once."""
    _change("replay", ids, json)


@dead.command()
def drop(ids: Ids, json: Json = False) -> None:
    """Gives facts up for good."""
    _change("drop", ids, json)


def _change(verb: str, ids: list[UUID], json: bool) -> None:
    out = Output(json)

    async def work(settings: "Settings") -> int:
        count = 0
        for module in _subscribers(""):
            async with _database(settings, module.name) as db:
                count += await (_replayed(settings, module, db, ids) if verb == "replay" else _dropped(db, ids))
        out.document({verb: count})
        out.line(f"{verb}: {count} of {len(ids)}")
        return count

    with _server() as settings:
        if run_async(work(settings)) < len(ids):
            raise typer.Exit(1)


async def _replayed(settings: "Settings", module: "Module", db: "Database", ids: Sequence[UUID]) -> int:
    """Lets facts of a service be worked again, and tells it so wherever it runs."""
    from hirehub.kernel.bus import dead as store
    from hirehub.kernel.bus.postgres import PostgresTransport

    async with db.transaction() as tx:
        topics = await store.replay(tx, ids)
    if topics:
        transport = await PostgresTransport.open(settings, module.name)
        try:
            await transport.wake(set(topics))
        finally:
            await transport.close()
    return len(topics)


async def _dropped(db: "Database", ids: Sequence[UUID]) -> int:
    from hirehub.kernel.bus import dead as store

    async with db.transaction() as tx:
        return await store.drop(tx, ids)


def _subscribers(service: str) -> "list[Module]":
    """The services that hear facts, or the one of that name."""
    from hirehub.kernel.errors import Invalid
    from hirehub.runtime.modules import MODULES

    known = [module for module in MODULES if module.hears]
    found = [module for module in known if service in ("", module.name)]
    if not found:
        names = ", ".join(module.name for module in known)
        raise Invalid(f"The service {service[:40]!r} hears no facts.", hint=f"Use one of: {names}.")
    return found


@contextmanager
def _server() -> "Iterator[Settings]":
    """The settings, with the server running and the tables there."""
    from hirehub.kernel.postgres import cluster
    from hirehub.kernel.settings import Settings, load
    from hirehub.kernel.telemetry import configure_logging
    from hirehub.runtime.databases import prepare
    from hirehub.runtime.modules import on_bus
    from hirehub.runtime.serving import quiet

    settings = quiet(load(Settings))
    configure_logging(settings.log)
    with cluster(settings):
        prepare(settings, on_bus(), upgrade=settings.database.url is None)
        yield settings


@asynccontextmanager
async def _database(settings: "Settings", service: str) -> "AsyncIterator[Database]":
    from hirehub.kernel.db import open_database

    async with await open_database(settings, service) as db:
        yield db
