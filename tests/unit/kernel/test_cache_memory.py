"""The bounded store, the joining of loads, and what a process without Redis imports."""

import asyncio
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.kernel.cache import BoundedStore, SingleFlight

ENTRY = 320


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def test_the_least_recently_used_value_goes_first() -> None:
    store: BoundedStore[str] = BoundedStore(5 * (ENTRY + 100))
    for name in "abcde":
        store.keep(name, bytes(100), 60)
    store.find("a")
    store.keep("f", bytes(100), 60)
    assert store.find("b") is None
    assert store.find("a") is not None
    assert len(store) == 5


def test_a_value_of_more_than_a_quarter_of_the_room_is_not_kept_and_pushes_nothing_out() -> None:
    store: BoundedStore[str] = BoundedStore(4000)
    store.keep("small", b"x", 60)
    store.keep("large", bytes(2000), 60)
    assert store.find("large") is None
    assert store.find("small") is not None


def test_a_value_past_its_time_is_gone_and_its_room_free() -> None:
    hand = Hand()
    store: BoundedStore[str] = BoundedStore(4000, hand)
    store.keep("a", b"x", 10)
    hand.at += 9.5
    found = store.find("a")
    assert found is not None
    assert found.seconds == pytest.approx(0.5)
    hand.at += 0.5
    assert store.find("a") is None
    assert store.held_bytes == 0


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefgh"), st.integers(0, 1500), st.sampled_from(["keep", "remove", "find", "gone"])
        )
    )
)
def test_whatever_is_done_the_bytes_held_are_those_of_the_entries_and_within_the_bound(
    steps: list[tuple[str, int, str]],
) -> None:
    store: BoundedStore[str] = BoundedStore(6000)
    for key, size, step in steps:
        if step == "keep":
            store.keep(key, bytes(size), 60)
        elif step == "remove":
            store.remove(key)
        elif step == "gone":
            store.remove_where(lambda held, key=key: held >= key)  # type: ignore[misc]  # a lambda's default has no type
        else:
            store.find(key)
        found = [found for found in (store.find(name) for name in "abcdefgh") if found]
        assert store.held_bytes == sum(len(one.value) + ENTRY for one in found) <= 6000


async def test_a_caller_that_gives_up_does_not_take_the_answer_from_the_others() -> None:
    flights: SingleFlight[bytes] = SingleFlight()
    may_end = asyncio.Event()

    async def load() -> bytes:
        await may_end.wait()
        return b"answer"

    first, second = (asyncio.create_task(flights.run("k", load)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    may_end.set()
    assert await second == b"answer"
    assert first.cancelled()
    assert len(flights) == 0


async def test_a_load_for_which_nobody_waits_any_more_is_ended() -> None:
    flights: SingleFlight[bytes] = SingleFlight()
    ended = asyncio.Event()

    async def load() -> bytes:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return b""

    waiting = [asyncio.create_task(flights.run("k", load)) for _ in range(3)]
    await asyncio.sleep(0.01)
    for task in waiting:
        task.cancel()
    async with asyncio.timeout(1):
        await ended.wait()
    assert len(flights) == 0


async def test_after_a_failure_the_next_caller_loads_again() -> None:
    flights: SingleFlight[bytes] = SingleFlight()

    async def fail() -> bytes:
        raise ValueError("once")

    async def load() -> bytes:
        return b"answer"

    with pytest.raises(ValueError, match="once"):
        await flights.run("k", fail)
    assert await flights.run("k", load) == b"answer"


def test_without_an_address_the_redis_client_is_not_imported() -> None:
    script = (
        "import asyncio, sys\n"
        "from hirehub.kernel.cache import open_cache\n"
        "from hirehub.kernel.settings import CacheSettings\n"
        "asyncio.run(open_cache(CacheSettings()))\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'redis'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
