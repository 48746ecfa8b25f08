"""Slots: a bound on what is being stored, first come, first served."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from hirehub.services.vectors.usecases.slots import Slots, TooManyUploads


async def test_who_waits_longest_gets_the_next_slot() -> None:
    slots, got = Slots(1, most=9, patience=5), []

    async def work(number: int) -> None:
        async with slots.enter() as slot:
            await slot.take()
            got.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(number) for number in range(6)))
    assert got == list(range(6))


async def test_an_open_upload_without_a_slot_is_in_nobodys_way() -> None:
    slots = Slots(1, most=3, patience=0.05)
    async with slots.enter() as idle, slots.enter() as busy:
        await busy.take()
        await busy.take()
        with pytest.raises(TooManyUploads, match="1 uploads are under way"):
            await idle.take()
        assert not idle.wanted, "who gave up waits no more"
        busy.give_back()
        await idle.take()
        assert (idle.held, busy.held) == (True, False)


async def test_an_upload_that_ends_gives_back_what_it_holds() -> None:
    slots = Slots(1, most=1, patience=0.05)
    for _ in range(3):
        async with slots.enter() as slot:
            await slot.take()
    assert not slot.held


async def test_more_open_uploads_than_a_process_takes_are_refused_at_once() -> None:
    slots = Slots(1, most=2, patience=5)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(slots.enter())
        with pytest.raises(TooManyUploads, match="2 uploads are open"):
            await stack.enter_async_context(slots.enter())
    async with slots.enter() as slot:
        assert not slot.held
