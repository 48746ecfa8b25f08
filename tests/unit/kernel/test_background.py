"""Work that goes on until it is cancelled."""

import asyncio
from contextlib import suppress

from hirehub.kernel.background import drained, every
from hirehub.kernel.errors import Unavailable


async def cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_work_is_drained_then_waits_for_news_and_outlives_an_error_that_is_known() -> None:
    left, done, news = [True, True, False], 0, asyncio.Event()

    async def work() -> bool:
        nonlocal done
        done += 1
        if done == 4:
            raise Unavailable("not now")
        return left.pop(0) if left else False

    task = asyncio.create_task(drained(work, news=news, seconds=60, name="test"))
    for expected in (3, 4, 5):
        for _ in range(200):
            await asyncio.sleep(0.005)
            if done == expected:
                break
        assert done == expected
        news.set()
    await cancelled(task)


async def test_work_comes_again_by_itself() -> None:
    times, thrice = 0, asyncio.Event()

    async def work() -> None:
        nonlocal times
        times += 1
        if times == 3:
            thrice.set()

    task = asyncio.create_task(every(0.01, work, name="test"))
    async with asyncio.timeout(5):
        await thrice.wait()
    await cancelled(task)
    done = times
    await asyncio.sleep(0.05)
    assert done == times >= 3
