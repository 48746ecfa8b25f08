"""The gRPC server as its callers and its operators see it: services, health, reflection, metrics, limits, stop."""

import asyncio
import time

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from hirehub.kernel.grpc import GrpcServer, PortTaken, StreamIdle, from_rpc_error, open_channel, within_idle
from hirehub.kernel.settings import GrpcSettings
from hirehub.kernel.telemetry import Metrics
from tests.support.rpc import Probe, ask, drain, stream_of, take

SETTINGS = GrpcSettings()


async def test_all_four_shapes_of_calls_work_over_bytes() -> None:
    async with (
        GrpcServer(SETTINGS, port=0, services=[Probe().service()]) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        assert await ask(channel, "Echo", b"hello") == b"hello"
        counted = [message async for message in channel.unary_stream("/Probe/Count")(b"3x1")]
        assert counted == [b"0.", b"1.", b"2."]
        assert await channel.stream_unary("/Probe/Collect")(stream_of([b"a", b"b"])) == b"2"
        mirrored = channel.stream_stream("/Probe/Mirror")(stream_of([b"ab", b"cd"]))
        assert [message async for message in mirrored] == [b"ba", b"dc"]


async def test_health_knows_the_server_and_its_services_and_turns_when_told() -> None:
    async with (
        GrpcServer(SETTINGS, port=0, services=[Probe().service()]) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):

        async def status(name: str) -> int:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            answer = await check(health_pb2.HealthCheckRequest(service=name).SerializeToString())
            return health_pb2.HealthCheckResponse.FromString(answer).status

        assert await status("") == await status("Probe") == health_pb2.HealthCheckResponse.SERVING
        await server.set_serving(serving=False)
        assert await status("Probe") == health_pb2.HealthCheckResponse.NOT_SERVING


async def test_reflection_shows_the_published_descriptors_not_those_in_use() -> None:
    file = FileDescriptorProto(name="probe.proto", syntax="proto3")
    message = file.message_type.add(name="ProbeMessage")
    message.field.add(name="vector", number=1, label=3, type=2)
    service = file.service.add(name="Probe")
    service.method.add(name="Echo", input_type=".ProbeMessage", output_type=".ProbeMessage")
    published = FileDescriptorSet(file=[file]).SerializeToString()
    requests = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="Probe"),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="grpc.health.v1.Health"),
    ]

    async with (
        GrpcServer(SETTINGS, port=0, services=[Probe().service()], published=published) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        info = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        answers = info(stream_of([request.SerializeToString() for request in requests]))
        listed, probe, health = [reflection_pb2.ServerReflectionResponse.FromString(a) async for a in answers]
    names = {entry.name for entry in listed.list_services_response.service}
    assert {"Probe", "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"} == names
    shown = FileDescriptorProto.FromString(probe.file_descriptor_response.file_descriptor_proto[0])
    assert shown == file
    assert health.file_descriptor_response.file_descriptor_proto


async def test_calls_messages_and_statuses_are_counted_by_method() -> None:
    metrics = Metrics()
    async with (
        GrpcServer(SETTINGS, port=0, services=[Probe().service()], metrics=metrics) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        await ask(channel, "Echo", b"x")
        await channel.stream_unary("/Probe/Collect")(stream_of([b"a", b"b", b"c"]))
        with pytest.raises(grpc.aio.AioRpcError):
            await ask(channel, "Fail", b"busy")
    text = metrics.render().decode()
    assert 'hirehub_grpc_calls_total{method="/Probe/Echo",status="OK"} 1.0' in text
    assert 'hirehub_grpc_calls_total{method="/Probe/Fail",status="ABORTED"} 1.0' in text
    assert 'hirehub_grpc_messages_total{direction="received",method="/Probe/Collect"} 3.0' in text
    assert 'hirehub_grpc_call_seconds_count{method="/Probe/Echo"} 1.0' in text
    assert 'hirehub_grpc_calls_running{method="/Probe/Echo"} 0.0' in text


@pytest.mark.parametrize("method", ["Collect", "Echo"])
async def test_a_caller_that_opens_a_call_and_sends_nothing_is_given_up(method: str) -> None:
    slow = GrpcSettings(idle_timeout=0.3)
    async with (
        GrpcServer(slow, port=0, services=[Probe().service()]) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        started = time.monotonic()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.stream_unary(f"/Probe/{method}")(stream_of([], then_wait=30))
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert "no message came for 0.3 seconds" in (caught.value.details() or "")
    assert time.monotonic() - started < 5


async def test_a_reader_that_stops_reading_frees_the_handler_and_is_told_when_it_reads_again() -> None:
    probe = Probe()
    async with (
        GrpcServer(GrpcSettings(idle_timeout=0.3), port=0, services=[probe.service()]) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        call = channel.unary_stream("/Probe/Count")(b"100000x400000")
        await call.read()
        await asyncio.sleep(1.0)
        assert probe.ends == ["count ended"]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await drain(call)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_a_server_that_sends_nothing_is_given_up_by_its_caller() -> None:
    probe = Probe()
    async with (
        GrpcServer(SETTINGS, port=0, services=[probe.service()]) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        call = channel.stream_stream("/Probe/Mirror")(stream_of([b"ab"], then_wait=30))
        got: list[bytes] = []
        with pytest.raises(StreamIdle, match=r"Mirror sent nothing for 0\.3 seconds"):
            await take(within_idle(call, 0.3, "Mirror"), got)
        assert got == [b"ba"]


async def test_calls_beyond_the_bound_are_told_so_at_once() -> None:
    async with (
        GrpcServer(SETTINGS, port=0, services=[Probe().service()], max_calls=2) as server,
        open_channel(server.target, SETTINGS) as channel,
    ):
        held = [asyncio.create_task(ask(channel, "Sleep", b"1")) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(channel, "Echo", b"x")
        assert from_rpc_error(caught.value).kind == "limit"
        assert await asyncio.gather(*held) == [b"slept", b"slept"]
        assert await ask(channel, "Echo", b"x") == b"x"


async def test_a_stop_lets_short_calls_finish_and_cancels_long_ones_within_its_grace() -> None:
    probe = Probe()
    server = GrpcServer(SETTINGS, port=0, services=[probe.service()])
    await server.start()
    async with open_channel(server.target, SETTINGS) as channel:
        short = asyncio.create_task(ask(channel, "Sleep", b"0.3"))
        long = asyncio.create_task(ask(channel, "Sleep", b"60"))
        await asyncio.sleep(0.1)
        started = time.monotonic()
        await server.stop(grace=0.8)
        assert time.monotonic() - started < 2
        assert await short == b"slept"
        with pytest.raises(grpc.aio.AioRpcError):
            await long
    assert probe.ends == ["sleep cancelled"]


async def test_a_port_that_is_taken_is_told_and_not_shared() -> None:
    async with GrpcServer(SETTINGS, port=0, services=[Probe().service()]) as first:
        assert first.port > 0
        second = GrpcServer(SETTINGS, port=first.port, services=[Probe().service()])
        with pytest.raises(PortTaken, match=str(first.port)):
            await second.start()
