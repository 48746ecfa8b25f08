"""Languages, cursors, versions and rates by themselves."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import Field, SecretStr, TypeAdapter, ValidationError

from hirehub.contracts.user import UserType
from hirehub.kernel.cache import MemoryCache
from hirehub.kernel.cache.redis import RedisCache
from hirehub.kernel.errors import Conflict
from hirehub.kernel.http.api import problem_of_fields
from hirehub.kernel.http.etags import PreconditionRequired, etag, versions
from hirehub.kernel.http.korean import KOREAN
from hirehub.kernel.http.languages import SPEECH, Languages, Speech
from hirehub.kernel.http.limits import RateLimited, RateLimiter
from hirehub.kernel.http.paging import BadCursor, after_id, decode_cursor, encode_cursor, moment_of, page_of
from hirehub.kernel.http.problems import problem_of
from hirehub.kernel.http.shapes import Line100, Moment

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


@pytest.mark.parametrize("text", ["a\0", "\ud800"])
def test_a_cursor_with_what_no_database_holds_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor(text), str)
    assert decode_cursor(encode_cursor("가" * 200), str) == ("가" * 200,)


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


@pytest.mark.parametrize("text", ["2026-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-00:01"])
def test_a_cursor_with_a_moment_that_is_none_in_utc_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(encode_cursor(text), moment_of)
    assert decode_cursor(encode_cursor("2026-01-01T09:00:00+09:00"), moment_of) == (datetime(2026, 1, 1, tzinfo=UTC),)


def test_a_moment_is_read_in_utc_whatever_its_zone() -> None:
    read = TypeAdapter(Moment).validate_python
    found = [read(f"2030-01-02T00:00:00{zone}") for zone in ("+16:00", "+23:59", "-23:59", "Z")]
    assert [moment.utcoffset() for moment in found] == [timedelta()] * 4
    assert found[0] == datetime(2030, 1, 1, 8, tzinfo=UTC)


@pytest.fixture
def korean() -> Iterator[None]:
    """A request in Korean."""
    token = SPEECH.set(Speech("ko", {**KOREAN, "conflict.hint": "지금 상태는 $status 입니다. {중괄호} 는 그대로."}))
    yield
    SPEECH.reset(token)


def told(kind: Any, value: object) -> str:
    """What a caller is told of a value that a field does not take."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    errors = [{**error, "loc": ("body", "field")} for error in refused.value.errors()]
    return str(json.loads(bytes(problem_of_fields(RequestValidationError(errors)).body))["errors"][0]["message"])


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Literal["ko", "en"], "fr", "허용된 값이 아닙니다: 'ko', 'en' 중 하나여야 합니다."),
        (Literal[UserType.JOBSEEKER, UserType.COMPANY], "boss", "허용된 값이 아닙니다: 'jobseeker', 'company' 중"),
        (Annotated[int, Field(le=100)], 1000, "값이 너무 큽니다: 100 이하여야 합니다."),
        (Line100, "x" * 101, "너무 깁니다: 100자 이하여야 합니다."),
        (Line100, "a\nb", "한 줄로 써야 합니다."),
        (Line100, "Acme\u2028Corp", "한 줄로 써야 합니다."),
        (Line100, "\u200b\u3164", "눈에 보이는 글자가 하나는 있어야 합니다."),
        (Line100, "Cook\u202e", "글의 방향을 바꾸는 보이지 않는 문자는 쓸 수 없습니다."),
        (Annotated[SecretStr, Field(max_length=3)], "long", "3 이하여야 합니다."),
        (Moment, "2026-03-01T09:00:00", "시간대가 있어야 합니다."),
        (Moment, "9999-12-31T23:59:59-01:00", "1900년부터 9999년까지(UTC)의 시각이어야 합니다."),
        (Moment, "0001-01-01T00:00:00+01:00", "1900년부터 9999년까지(UTC)의 시각이어야 합니다."),
        (complex, "x", "값을 쓸 수 없습니다."),
    ],
)
@pytest.mark.usefixtures("korean")
def test_a_field_that_is_refused_says_in_korean_what_would_be_taken(kind: object, value: object, said: str) -> None:
    assert said in told(kind, value)


def test_values_that_hold_are_told_as_a_caller_writes_them() -> None:
    said = told(Literal[UserType.JOBSEEKER, UserType.COMPANY], "boss")
    assert said == "Input should be 'jobseeker' or 'company'"


@pytest.mark.usefixtures("korean")
def test_a_hint_in_korean_names_facts_of_the_error() -> None:
    body = json.loads(bytes(problem_of(Conflict("It is open.", hint="Close it.", status="open")).body))
    assert body["hint"] == "지금 상태는 open 입니다. {중괄호} 는 그대로."
