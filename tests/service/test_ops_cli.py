"""`hirehub vectors` as people and scripts run it: one document, lines for people, exit codes that can be relied on."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hirehub.services.vectors.usecases.runs import open_run
from tests.support.ai_server import ai_server
from tests.support.cli import ROOT, Ran, environment, hirehub
from tests.support.dead import company, put, queue
from tests.support.ops import NOWHERE, entity, only_run, quick, recruit, until, vector_rows
from tests.support.vectors_db import VectorsDb


@pytest.fixture
def settings(vectors_db: VectorsDb) -> dict[str, str]:
    """What a command needs to find the test's database; nobody is there to be told."""
    return {
        **vectors_db.environment,
        "HIREHUB_VECTORS__CACHE_TARGETS": NOWHERE,
        "HIREHUB_VECTORS__INGEST__LEASE": "2",
        "HIREHUB_VECTORS__INGEST__ATTEMPTS": "1",
    }


async def run(settings: dict[str, str], *words: str, text: str = "") -> Ran:
    """`hirehub vectors WORDS`, while this process goes on serving."""
    return await asyncio.to_thread(hirehub, "vectors", *words, env=settings, text=text)


@asynccontextmanager
async def begun(settings: dict[str, str], *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The same, under way."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "hirehub", "vectors", *words),
        env=environment(settings),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_pull_is_told_in_one_document_and_shown_by_runs(
    vectors_db: VectorsDb, settings: dict[str, str]
) -> None:
    bad = recruit(8, exp_years=-1)
    async with ai_server(5, more=[bad]) as (target, _):
        pulled = await run(settings, "ingest", "recruit", "--from", target, "--json")
        again = await run(settings, "ingest", "recruit", "--from", target)
    assert pulled.code == 0, pulled.err
    document = pulled.document()
    assert [document[name] for name in ("status", "received", "stored", "skipped", "dead")] == ["succeeded", 6, 5, 0, 1]
    assert document["causes"] == {"negative_number": 1}
    assert document["checkpoint"] == str(entity(8))
    assert document["recall"] == 1.0
    assert "5 rows" in pulled.err or "6 rows" in pulled.err
    assert again.code == 0
    assert "0 received = 0 stored" in again.out
    shown = await run(settings, "runs", document["run_id"], "--json")
    assert {name: document[name] for name in shown.document()} == shown.document()
    listed = (await run(settings, "runs", "--json", "--status", "succeeded")).document()["runs"]
    assert [one["received"] for one in listed] == [0, 6]
    stats = (await run(settings, "stats", "recruit", "--json")).document()
    (domain,) = stats["domains"]
    assert (domain["embedding_count"], domain["dlq_count"]) == (5, 1)
    assert [one["target"] for one in stats["owed"]] == [NOWHERE]


async def test_a_held_domain_ends_with_3_and_names_the_holder(vectors_db: VectorsDb, settings: dict[str, str]) -> None:
    async with vectors_db.database() as db, open_run(db, quick(), domain="recruit", kind="pull", source="a:1") as held:
        refused = await run(settings, "ingest", "recruit", "--from", NOWHERE, "--json")
    assert refused.code == 3
    assert str(held.id) in refused.err
    assert f":{os.getpid()}" in refused.err
    assert refused.document()["error"]["code"] == "domain_busy"


async def test_a_dimension_that_differs_ends_with_4_and_can_be_mended(
    vectors_db: VectorsDb, settings: dict[str, str]
) -> None:
    other = {**settings, "HIREHUB_VECTORS__RECRUIT__DIMENSION": "8"}
    async with vectors_db.database() as db:
        await vector_rows(db, range(3))
        refused = await run(other, "ingest", "recruit", "--from", NOWHERE)
        assert refused.code == 4
        assert "hirehub vectors dimension migrate recruit 8" in refused.err
        shown = (await run(other, "dimension", "show", "recruit", "--json")).document()["domains"]
        assert shown == [{"domain": "recruit", "setting": 8, "column": 384, "vectors": 3, "matches": False}]
        unasked = await run(other, "dimension", "migrate", "recruit", "8")
        assert unasked.code == 2
        assert "removes 3 vectors" in unasked.err
        assert "--yes" in unasked.err
        migrated = await run(other, "dimension", "migrate", "recruit", "8", "--yes", "--json")
        assert migrated.code == 0, migrated.err
        assert (migrated.document()["vectors"], migrated.document()["matches"]) == (3, True)
        again = await run(other, "dimension", "migrate", "recruit", "8")
        assert "already" in again.out


async def test_ctrl_c_ends_a_pull_with_130_and_restart_goes_on_from_there(
    vectors_db: VectorsDb, settings: dict[str, str]
) -> None:
    async with vectors_db.database() as db:
        out, err, code = await _interrupted(vectors_db, settings)
        assert code == 130
        document = json.loads(out)
        assert document["status"] == "cancelled"
        assert document["stored"] > 0
        assert f"hirehub vectors restart {document['run_id']}" in err
        async with db.read() as tx:
            position = await tx.fetch_value("SELECT last_processed_uuid FROM checkpoint WHERE domain = 'recruit'")
        assert str(position) == document["checkpoint"]
        refused = await run(settings, "restart", document["run_id"])
        assert refused.code == 1
        assert "does not answer" in refused.err


async def _interrupted(vectors_db: VectorsDb, settings: dict[str, str]) -> tuple[str, str, int | None]:
    """A pull that gets Ctrl-C once it has stored rows."""
    async with (
        vectors_db.database() as db,
        ai_server(40, pause=1.3) as (target, _),
        begun(settings, "ingest", "recruit", "--from", target, "--json") as process,
    ):

        async def stored() -> bool:
            async with db.read() as tx:
                return bool(await tx.fetch_value("SELECT count(*) > 0 FROM recruit_embedding"))

        assert await until(stored, 20)
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
        return out.decode(), err.decode(), process.returncode


async def test_a_restart_is_a_new_run_that_names_the_old_one(vectors_db: VectorsDb, settings: dict[str, str]) -> None:
    async with vectors_db.database() as db, ai_server(4) as (target, asked):
        with pytest.raises(ValueError, match="broken"):
            async with open_run(db, quick(), domain="recruit", kind="pull", source=target, options={"full": True}):
                raise ValueError("broken")
        old = await only_run(db)
        restarted = await run(settings, "restart", str(old.id), "--json")
        assert restarted.code == 0, restarted.err
        document = restarted.document()
        assert (document["retried_of"], document["options"]["full"], document["stored"]) == (str(old.id), True, 4)
        assert [request.last_processed_uuid for request in asked] == [""]
        again = await run(settings, "restart", document["run_id"])
        assert (again.code, "has succeeded" in again.err) == (4, True)


async def test_cancelling_from_another_shell_stops_the_pull(vectors_db: VectorsDb, settings: dict[str, str]) -> None:
    async with vectors_db.database() as db, ai_server(200, pause=0.2) as (target, _):
        async with begun(settings, "ingest", "recruit", "--from", target) as process:

            async def running() -> bool:
                async with db.read() as tx:
                    return bool(await tx.fetch_value("SELECT count(*) > 0 FROM run"))

            assert await until(running, 20)
            run_id = str((await only_run(db)).id)
            cancelled = await run(settings, "cancel", run_id, "--json")
            assert cancelled.document()["status"] == "cancelled"
            assert await asyncio.wait_for(process.wait(), 10) == 130
        over = await run(settings, "cancel", run_id)
        assert (over.code, "was cancelled" in over.err) == (4, True)


async def test_dead_letters_are_listed_corrected_replayed_and_dropped(
    vectors_db: VectorsDb, settings: dict[str, str]
) -> None:
    async with vectors_db.database() as db:
        await put(db, recruit(1, exp_years=-1, company_name="Secret Works"), recruit(2, dimension=5))
        listed = await run(settings, "dead", "list", "--cause", "negative_number", "--json")
        assert "Secret" not in listed.out
        (letter,) = listed.document()["letters"]
        assert (await run(settings, "dead", "stats", "--json")).document()["total"] == 2
        shown = await run(settings, "dead", "show", str(letter["id"]), "--json")
        assert shown.document()["payload"]["company_name"] == "Secret Works"
        bad = await run(settings, "dead", "fix", str(letter["id"]), "--set", "exp_years=-2")
        assert (bad.code, "negative_number" in bad.err) == (2, True)
        fixed = await run(settings, "dead", "fix", str(letter["id"]), "--set", "exp_years=2", "--replay", "--json")
        assert fixed.code == 0, fixed.err
        assert fixed.document()["replayed"][0]["counts"]["stored"] == 1
        assert await company(db, 1) == "Secret Works"
        replayed = await run(settings, "dead", "replay", "--all", "--json")
        assert replayed.document()["runs"][0]["counts"]["dead"] == 1
        assert (await run(settings, "dead", "drop")).code == 2
        assert (await run(settings, "dead", "drop", "--older-than", "7d", "--json")).document() == {"dropped": 0}
        assert (await run(settings, "dead", "drop", "--all")).code == 2
        dropped = await run(settings, "dead", "drop", "--all", "--yes", "--json")
        assert dropped.document() == {"dropped": 1}
        assert await queue(db) == []


async def test_searching_by_id_and_by_vector_file(
    vectors_db: VectorsDb, settings: dict[str, str], tmp_path: Path
) -> None:
    async with vectors_db.database() as db:
        await vector_rows(db, range(12))
        async with db.read() as tx:
            floats = await tx.fetch_value("SELECT vector::text FROM recruit_embedding WHERE id = %s", (entity(3),))
    by_id = await run(settings, "search", "recruit", "--id", str(entity(3)), "--limit", "4", "--json")
    assert by_id.code == 0, by_id.err
    assert str(entity(3)) not in [hit["id"] for hit in by_id.document()["hits"]]
    file = tmp_path / "vector.json"
    file.write_text(floats)
    by_vector = await run(settings, "search", "recruit", "--vector", str(file), "--limit", "5", "--json")
    hits = by_vector.document()["hits"]
    assert hits[0]["id"] == str(entity(3))
    assert [hit["id"] for hit in hits[1:]] == [hit["id"] for hit in by_id.document()["hits"]]
    piped = await run(settings, "search", "recruit", "--vector", "-", text=floats)
    assert piped.out.splitlines()[1].split()[0] == "1.0000"
    assert (await run(settings, "search", "recruit", "--vector", "-", text="[1, 2]")).code == 2
    assert (await run(settings, "search", "recruit")).code == 2


async def test_the_index_is_shown_with_what_mends_it_and_built(vectors_db: VectorsDb, settings: dict[str, str]) -> None:
    other = {**settings, "HIREHUB_VECTORS__RECRUIT__INDEX__M": "8"}
    async with vectors_db.database() as db:
        await vector_rows(db, range(12))
    shown = (await run(other, "index", "show", "recruit", "--json")).document()["indexes"][0]
    assert (shown["state"], shown["mend"]) == ("other", "hirehub vectors index build recruit")
    built = await run(other, "index", "build", "recruit", "--json")
    assert built.code == 0, built.err
    assert built.document()["indexes"][0]["state"] == "sound"
    assert built.document()["indexes"][0]["recall"] == 1.0


async def test_wrong_words_end_with_2_before_anything_is_done(settings: dict[str, str]) -> None:
    for words in (
        ("ingest", "jobs", "--from", NOWHERE),
        ("ingest", "recruit"),
        ("runs", "7"),
        ("dead", "replay"),
        ("dead", "list", "--older-than", "soon"),
        ("dead", "fix", "1", "--set", "exp_years"),
        ("dimension", "migrate", "recruit", "2001"),
    ):
        ended = await run(settings, *words)
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1), words
