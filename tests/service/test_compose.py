"""Parts in one process, over real sockets: what they share, how they end, and what is told when one fails."""

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hirehub.kernel.errors import Broken
from hirehub.kernel.grpc import PortTaken
from hirehub.kernel.settings import HttpSettings, Settings
from hirehub.runtime import ports
from hirehub.runtime.compose import STOP_SECONDS, PartFailed, Running, run_parts
from tests.support.parts import Said, spec
from tests.support.product import free_ports


@asynccontextmanager
async def composed(folder: Path, names: Sequence[str], **options: Any) -> AsyncIterator[tuple[Running, Settings]]:
    """The parts of those names, running for the block."""
    settings = Settings(data_dir=folder, http=HttpSettings(port=0))
    started: asyncio.Future[Running] = asyncio.get_running_loop().create_future()

    async def told(running: Running) -> None:
        started.set_result(running)

    specs = [spec(name) for name in names]
    process = asyncio.create_task(run_parts(specs, settings, options=options, started=told))
    either: set[asyncio.Future[Any]] = {process, started}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    try:
        if process.done():
            await process
        yield started.result(), settings
    finally:
        process.cancel()
        await asyncio.gather(process, return_exceptions=True)


def get(url: str) -> tuple[int, str]:
    """Status and body of an answer."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


async def test_a_part_answers_under_its_path_beside_health(tmp_path: Path) -> None:
    async with composed(tmp_path, ["page"], said=Said()) as (running, _):
        assert await asyncio.to_thread(get, f"{running.http}/page") == (200, "page")
        assert (await asyncio.to_thread(get, f"{running.http}/health/ready"))[0] == 200
        assert running.notes == ["a note"]


async def test_a_process_without_pages_opens_no_http_port(tmp_path: Path) -> None:
    async with composed(tmp_path, ["worker"], said=Said()) as (running, _):
        assert running.http is None


async def test_parts_that_name_one_port_share_its_server(tmp_path: Path) -> None:
    [port] = free_ports(1)
    async with composed(tmp_path, ["first", "second"], port=port) as (running, _):
        assert running.grpc == {"first": f"127.0.0.1:{port}", "second": f"127.0.0.1:{port}"}


async def test_a_check_that_fails_keeps_the_process_from_being_ready(tmp_path: Path) -> None:
    async with composed(tmp_path, ["page", "waiting"], said=Said()) as (running, _):
        status, body = await asyncio.to_thread(get, f"{running.http}/health/ready")
    assert status == 503
    assert json.loads(body)["checks"] == {"tables": "the tables are not there"}


async def test_work_is_put_away_before_parts_are_closed(tmp_path: Path) -> None:
    said = Said()
    async with composed(tmp_path, ["worker"], said=said):
        await said.wait_for("working")
    assert said == ["working", "work put away", "worker closed"]


async def test_work_that_does_not_end_does_not_keep_the_process(tmp_path: Path) -> None:
    said, released = Said(), asyncio.Event()
    async with composed(tmp_path, ["stubborn", "page"], said=said, released=released):
        await said.wait_for("working")
        began = time.monotonic()
    took = time.monotonic() - began
    released.set()
    assert took < STOP_SECONDS + 0.5
    assert said[-1] == "page closed"


async def test_failing_work_ends_the_process_with_its_error(tmp_path: Path) -> None:
    said = Said()
    with pytest.raises(Broken, match="the disk is full"):
        await run_parts([spec("failing"), spec("worker")], Settings(data_dir=tmp_path), options={"said": said})
    assert said[-1] == "worker closed"


async def test_unforeseen_failures_are_told_by_part_and_kind_without_their_text(tmp_path: Path) -> None:
    with pytest.raises(PartFailed) as caught:
        await run_parts([spec("faulty")], Settings(data_dir=tmp_path))
    assert caught.value.message == "faulty ended with ValueError"


async def test_parts_that_were_built_are_closed_when_a_later_one_cannot_be(tmp_path: Path) -> None:
    said = Said()
    with pytest.raises(Broken, match="no file"):
        await run_parts([spec("worker"), spec("broken")], Settings(data_dir=tmp_path), options={"said": said})
    assert said == ["worker closed"]


async def test_a_taken_grpc_port_is_told_with_its_holder(tmp_path: Path) -> None:
    with ports.listen("127.0.0.1", 0) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is taken"):
            await run_parts([spec("first")], Settings(data_dir=tmp_path), options={"port": port})


async def test_a_taken_http_port_is_told_with_its_holder(tmp_path: Path) -> None:
    with ports.listen("127.0.0.1", 0) as other:
        settings = Settings(data_dir=tmp_path, http=HttpSettings(port=other.getsockname()[1]))
        with pytest.raises(PortTaken, match="is taken"):
            await run_parts([spec("page")], settings, options={"said": Said()})
