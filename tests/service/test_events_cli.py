"""`hirehub events`, and the document of all facts."""

import asyncio
import inspect
import pkgutil
from collections.abc import Sequence
from importlib import import_module
from uuid import uuid4

import hirehub.contracts
from hirehub.contracts.apply import ApplicationSubmitted
from hirehub.kernel.bus import Fact, FactBody
from hirehub.kernel.settings import Settings
from hirehub.runtime.facts import FACTS, asyncapi
from hirehub.runtime.modules import MODULES
from tests.support.cli import Ran
from tests.support.cli import hirehub as run
from tests.support.people import People
from tests.support.platform import execute, platform, rows


def hirehub_(settings: Settings, *words: str) -> Ran:
    return run(*words, env={"HIREHUB_DATA_DIR": str(settings.data_dir)})


def test_every_fact_of_the_contracts_is_listed_and_every_topic_of_a_service_is_a_fact() -> None:
    named = [
        kind
        for found in pkgutil.iter_modules(hirehub.contracts.__path__, "hirehub.contracts.")
        if not found.ispkg
        for _, kind in inspect.getmembers(import_module(found.name), inspect.isclass)
        if issubclass(kind, FactBody) and kind is not FactBody
    ]
    assert set(FACTS) == set(named)
    topics = {kind.topic for kind in FACTS}
    assert {topic for module in MODULES for topic in (*module.tells, *module.hears)} <= topics


def test_the_document_has_a_channel_a_topic_and_no_loose_reference() -> None:
    document = asyncapi()
    assert set(document["channels"]) == {kind.topic for kind in FACTS}
    assert document["operations"]["job.send.job.created"]["action"] == "send"
    schemas = document["components"]["schemas"]
    for reference in _references(document):
        kind, name = reference.split("/")[-2:]
        assert name in (schemas if kind == "schemas" else {**document["channels"], "cloudevent": 1}), reference


def _references(value: object) -> Sequence[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    return [found for inner in value for found in _references(inner)] if isinstance(value, list) else []


async def test_facts_are_tailed_and_dead_ones_looked_after(job_db: Settings) -> None:
    job_id = uuid4()
    body = {"application_id": uuid4(), "job_id": job_id, "user_id": uuid4()}
    fact = Fact.of(ApplicationSubmitted.model_validate(body), source="apply")
    long = Fact.of(ApplicationSubmitted.model_validate(body | {"job_title": "Cook " * 40}), source="apply")
    values = _told(job_db, fact)
    _told(job_db, long)
    execute(
        job_db,
        "job",
        "INSERT INTO dead_fact (subscriber, id, topic, key, source, time, body, attempts, reason)"
        " VALUES ('job', %s, %s, %s, %s, %s, %s, 8, 'timeout')",
        *values,
    )

    def looked_after() -> None:
        tailed = hirehub_(job_db, "events", "tail", "application.submitted")
        listed = hirehub_(job_db, "events", "dead", "list", "--json")
        begins, cut = tailed.out.splitlines()
        whole = hirehub_(job_db, "events", "tail", "application.submitted", "--whole").out.splitlines()[1]
        assert all(str(job_id) in line for line in (begins, cut))
        assert str(fact.id) in begins
        assert cut.partition("{")[2] == f"{long.body[1:200]}…"
        assert whole == cut.partition("{")[0] + long.body
        assert [one["fact"]["id"] for one in listed.document()["facts"]] == [str(fact.id)]
        assert str(job_id) in hirehub_(job_db, "events", "dead", "show", str(fact.id)).out
        assert hirehub_(job_db, "events", "dead", "replay", str(fact.id)).code == 0
        assert hirehub_(job_db, "events", "dead", "replay", str(fact.id)).code == 1
        assert hirehub_(job_db, "events", "dead", "list").out.strip() == "(none)"
        for words in (("dead", "list", "--service", "user"), ("tail", "application.submited")):
            refused = hirehub_(job_db, "events", *words)
            assert refused.code == 2
            assert "Use one of: " in refused.err

    async with platform(job_db, "user", "job") as here:
        await asyncio.to_thread(looked_after)
        await _worked(here)
    assert rows(job_db, "job", "SELECT count(*) FROM parked_fact") == [(0,)]


def _told(settings: Settings, fact: Fact) -> tuple[object, ...]:
    """Puts the fact into the log; its columns."""
    values = (fact.id, fact.topic, fact.key, fact.source, fact.time, fact.body)
    statement = "INSERT INTO fact (id, topic, key, source, time, body) VALUES (%s,%s,%s,%s,%s,%s)"
    execute(settings, "bus", statement, *values)
    return values


async def _worked(here: People) -> None:
    for _ in range(400):
        if rows(here.settings, "job", "SELECT count(*) FROM parked_fact") == [(0,)]:
            return
        await asyncio.sleep(0.05)
