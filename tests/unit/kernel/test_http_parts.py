"""Languages, cursors, versions and rates by themselves."""

from uuid import UUID

import pytest

from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.cache.redis import RedisCache
from hirehub.kernel.http.etags import PreconditionRequired, etag, versions
from hirehub.kernel.http.languages import Languages
from hirehub.kernel.http.limits import RateLimited, RateLimiter
from hirehub.kernel.http.paging import BadCursor, after_id, decode_cursor, encode_cursor, page_of

ID = UUID("0190a5a0-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("en;q=0.1, KO;q=0.2", "ko"),
        ("fr, de", "en"),
        ("fr;q=1, ko;q=0.3", "ko"),
        ("ko;q=0", "en"),
        ("ko;q=x", "en"),
        ("ko;q=nan", "en"),
        ("*", "en"),
        (";;;,,,=", "en"),
    ],
)
def test_the_language_is_the_best_of_those_accepted(accepted: str, tag: str) -> None:
    assert Languages({"ko": {}}).choose(accepted).tag == tag


def test_a_cursor_is_read_back_as_it_was_written() -> None:
    assert decode_cursor(encode_cursor(ID, 7), UUID, int) == (ID, 7)
    assert after_id(encode_cursor(ID)) == ID
    assert after_id(None) is None


@pytest.mark.parametrize(
    "cursor", ["", "!", "W10", "WzFd", "e30", "é", "a" * 299, encode_cursor("x"), encode_cursor(ID, 1)]
)
def test_a_cursor_that_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        after_id(cursor)


def test_a_page_holds_what_was_asked_for_and_tells_whether_there_is_more() -> None:
    def page(count: int) -> tuple[list[int], bool]:
        found = page_of(range(count), 2, show=lambda row: row, position=lambda row: (row,))
        return found.items, found.next_cursor is not None

    assert [page(0), page(2), page(3)] == [([], False), ([0, 1], False), ([0, 1], True)]


async def test_if_match_names_versions_or_any() -> None:
    assert await versions(etag(3)) == [3]
    assert await versions('"1", "2"') == [1, 2]
    assert await versions("*") is None
    assert await versions("what") == []
    assert await versions('W/"1"') == []
    assert await versions('"99999999999"') == []
    with pytest.raises(PreconditionRequired):
        await versions(None)


async def test_while_the_shared_cache_does_not_answer_a_process_counts_for_itself() -> None:
    cache = RedisCache("redis://127.0.0.1:1/0")
    limiter = RateLimiter(cache)
    await limiter.spend("log-in", "a", "1/60")
    with pytest.raises(RateLimited):
        await limiter.spend("log-in", "a", "1/60")
    await cache.close()


async def test_a_rate_is_counted_by_name_and_person_and_begins_anew() -> None:
    now = [0.0]
    limiter = RateLimiter(MemoryCache(1_000_000, lambda: now[0]))
    for _ in range(2):
        await limiter.spend("log-in", "a", "2/60")
    with pytest.raises(RateLimited) as refused:
        await limiter.spend("log-in", "a", "2/60")
    await limiter.spend("log-in", "b", "2/60")
    await limiter.spend("reset", "a", "2/60")
    await limiter.spend("log-in", "a", "0/60")
    assert refused.value.facts["retry_after"] == "60"
    now[0] = 61.0
    await limiter.spend("log-in", "a", "2/60")
