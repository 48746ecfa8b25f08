"""What a caller is told when a call fails, over a real socket."""

import asyncio
from collections.abc import AsyncIterator

import grpc
import pytest
from google.protobuf.wrappers_pb2 import StringValue

from hirehub.kernel.errors import (
    Broken,
    Busy,
    Conflict,
    Denied,
    HirehubError,
    Invalid,
    LimitExceeded,
    Missing,
    Unavailable,
)
from hirehub.kernel.grpc import CallTimeout, GrpcServer, RpcChannel, Unauthenticated, from_rpc_error, open_channel
from hirehub.kernel.grpc.statuses import details_of
from hirehub.kernel.settings import GrpcSettings
from tests.support.rpc import Probe, ask, stream_of, take

SETTINGS = GrpcSettings(max_message=1_000_000)


@pytest.fixture
async def probe() -> AsyncIterator[tuple[Probe, RpcChannel]]:
    service = Probe()
    async with (
        GrpcServer(SETTINGS, port=0, services=[service.service()]) as server,
        open_channel(server.target, GrpcSettings(max_message=50_000_000)) as channel,
    ):
        yield service, channel


EXPECTED = {
    Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    Missing: grpc.StatusCode.NOT_FOUND,
    Conflict: grpc.StatusCode.FAILED_PRECONDITION,
    Denied: grpc.StatusCode.PERMISSION_DENIED,
    Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    Busy: grpc.StatusCode.ABORTED,
    LimitExceeded: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Unavailable: grpc.StatusCode.UNAVAILABLE,
    Broken: grpc.StatusCode.INTERNAL,
}


def test_message_and_next_step_are_two_sentences_however_the_message_ends() -> None:
    for message in ("There is no such thing", "There is no such thing."):
        assert details_of(Missing(message, hint="Name another.")) == "There is no such thing. Name another."


@pytest.mark.parametrize("kind", EXPECTED, ids=lambda kind: kind.code)
async def test_every_kind_of_error_has_its_status_and_comes_back_as_the_same_kind(
    probe: tuple[Probe, RpcChannel], kind: type[HirehubError]
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(probe[1], "Fail", kind.code.encode())
    assert caught.value.code() is EXPECTED[kind]
    error = from_rpc_error(caught.value, "there:1")
    assert error.kind is kind.kind
    assert error.facts["peer_code"] == kind.code
    told = caught.value.details() or ""
    assert ("it went wrong. Do the next thing." in told) is (kind is not Broken)


async def test_a_fault_of_our_own_tells_the_caller_nothing_but_the_requests_id(
    probe: tuple[Probe, RpcChannel],
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(probe[1], "Fail", b"unexpected", metadata=(("x-request-id", "mine-1"),))
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert caught.value.details() == "internal error; the log has it under mine-1"


async def test_a_stream_that_fails_after_some_messages_delivers_them_and_then_the_status(
    probe: tuple[Probe, RpcChannel],
) -> None:
    got: list[bytes] = []
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await take(probe[1].unary_stream("/Probe/Count")(b"3"), got)
    assert got == [b"0", b"1", b"2"]
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize(
    "data", [b"\x0a\xff\xff\xff", b"\x0a\x02\xc3\x28", b"\xff"], ids=["cut", "not utf-8", "no tag"]
)
async def test_bytes_that_are_no_message_are_the_callers_mistake(probe: tuple[Probe, RpcChannel], data: bytes) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(probe[1], "Shout", data)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    good = await ask(probe[1], "Shout", StringValue(value="grüße").SerializeToString())
    assert StringValue.FromString(good).value == "GRÜSSE"


async def test_an_unknown_method_is_unimplemented(probe: tuple[Probe, RpcChannel]) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(probe[1], "Nothing", b"")
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_message_over_the_limit_is_refused_and_its_stream_never_looks_complete(
    probe: tuple[Probe, RpcChannel],
) -> None:
    service, channel = probe
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await channel.stream_unary("/Probe/Collect")(stream_of([b"small", bytes(1_000_001)]))
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert from_rpc_error(caught.value).kind is LimitExceeded.kind
    await asyncio.sleep(0.05)
    assert len(service.ends) == 1
    assert service.ends[0] in {"CancelledError", "StreamBroken"}


async def test_a_caller_that_goes_away_never_leaves_a_stream_that_looks_complete(
    probe: tuple[Probe, RpcChannel],
) -> None:
    service, channel = probe
    for step in range(40):
        call = channel.stream_unary("/Probe/Collect")(stream_of([bytes(1000)] * 20, then_wait=10))
        await asyncio.sleep(0.001 * (step % 10))
        call.cancel()
    await asyncio.sleep(0.2)
    assert set(service.ends) <= {"CancelledError", "StreamBroken"}


async def test_a_deadline_ends_the_call_on_both_sides(probe: tuple[Probe, RpcChannel]) -> None:
    service, channel = probe
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await ask(channel, "Sleep", b"30", timeout=0.2)
    assert isinstance(from_rpc_error(caught.value), CallTimeout)
    await asyncio.sleep(0.2)
    assert service.ends == ["sleep cancelled"]


async def test_a_server_that_is_not_there_is_told_with_its_address() -> None:
    async with open_channel("127.0.0.1:1", GrpcSettings(deadline=3)) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(channel, "Echo", b"x")
    error = from_rpc_error(caught.value, "127.0.0.1:1")
    assert error.kind is Unavailable.kind
    assert "127.0.0.1:1 does not answer" in error.message
    assert error.hint
