"""A peer whose process hangs while its machine still takes packets is noticed by pings; ordinary pings are borne."""

import asyncio
import signal
import sys

from hirehub.kernel.grpc import GrpcServer, open_channel
from hirehub.kernel.settings import GrpcSettings
from tests.support.rpc import Probe, ask

CALLER = """
import asyncio, sys
from hirehub.kernel.grpc import open_channel
from hirehub.kernel.settings import GrpcSettings

async def messages():
    yield b"first"
    print("sent", flush=True)
    await asyncio.sleep(60)

async def main():
    async with open_channel(sys.argv[1], GrpcSettings()) as channel:
        await channel.stream_unary("/Probe/Collect")(messages())

asyncio.run(main())
"""


async def test_a_caller_that_hangs_is_noticed_long_before_its_stream_counts_as_idle() -> None:
    probe = Probe()
    settings = GrpcSettings(keepalive=0.3, idle_timeout=60)
    async with GrpcServer(settings, port=0, services=[probe.service()]) as server:
        caller = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CALLER, server.target, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert caller.stdout is not None
            assert await caller.stdout.readline() == b"sent\n"
            await asyncio.sleep(1.0)
            assert probe.ends == [], "a caller that answers pings may be silent"
            caller.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(10):
                while not probe.ends:  # noqa: ASYNC110 - what ends is in another process
                    await asyncio.sleep(0.05)
        finally:
            caller.kill()
            await caller.communicate()
    assert probe.ends[0] in {"CancelledError", "StreamBroken"}


async def test_a_caller_that_pings_at_the_same_pace_as_the_server_is_not_sent_away() -> None:
    settings = GrpcSettings(keepalive=0.2)
    async with (
        GrpcServer(settings, port=0, services=[Probe().service()]) as server,
        open_channel(server.target, settings) as channel,
    ):
        assert await ask(channel, "Sleep", b"2") == b"slept"
