"""Who is let in: tokens, TLS, mTLS, and the refusal to listen where anybody could come in."""

from collections.abc import Callable
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2
from pydantic import SecretStr

from hirehub.kernel.grpc import (
    BadTarget,
    GrpcServer,
    InsecureListener,
    Unauthenticated,
    from_rpc_error,
    is_loopback,
    open_channel,
)
from hirehub.kernel.grpc.security import server_credentials
from hirehub.kernel.settings import GrpcSettings, InvalidSettings
from tests.support.rpc import Probe, ask, stream_of
from tests.support.tls import Certificates, make_certificates

TOKEN = SecretStr("a token only for tests")
PLAIN = GrpcSettings(deadline=5)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "unix:/run/x"])
def test_these_addresses_stay_on_the_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.test", "", "2130706433"])
def test_these_addresses_may_be_reached_by_others(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("token", [None, SecretStr("")])
async def test_plaintext_without_a_token_is_refused_beyond_the_loopback(token: SecretStr | None) -> None:
    server = GrpcServer(GrpcSettings(host="0.0.0.0", token=token), port=0, services=[Probe().service()])
    with pytest.raises(InsecureListener) as caught:
        await server.start()
    assert "HIREHUB_GRPC__HOST" in caught.value.message
    assert "HIREHUB_GRPC__TOKEN" in caught.value.hint


async def test_with_a_token_it_listens_there_and_lets_in_who_shows_it() -> None:
    settings = GrpcSettings(host="0.0.0.0", token=TOKEN)
    async with (
        GrpcServer(settings, port=0, services=[Probe().service()]) as server,
        open_channel(server.target, settings) as channel,
    ):
        assert await ask(channel, "Echo", b"x") == b"x"
        assert await channel.stream_unary("/Probe/Collect")(stream_of([b"a"])) == b"1"
        counted = [message async for message in channel.unary_stream("/Probe/Count")(b"1x1")]
        assert counted == [b"0."]


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_the_scheme_may_be_written_in_either_case(scheme: str) -> None:
    async with (
        GrpcServer(GrpcSettings(token=TOKEN), port=0, services=[Probe().service()]) as server,
        open_channel(server.target, GrpcSettings()) as channel,
    ):
        shown = (("authorization", f"{scheme} {TOKEN.get_secret_value()}"),)
        assert await channel.unary_unary("/Probe/Echo")(b"x", metadata=shown) == b"x"
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/Probe/Echo")(b"x", metadata=(("authorization", TOKEN.get_secret_value()),))
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("shown", [None, SecretStr("another"), SecretStr(TOKEN.get_secret_value() + "x")])
async def test_without_the_token_no_call_passes_but_health(shown: SecretStr | None) -> None:
    probe = Probe()
    async with (
        GrpcServer(GrpcSettings(token=TOKEN), port=0, services=[probe.service()]) as server,
        open_channel(server.target, GrpcSettings(token=shown)) as channel,
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await ask(channel, "Echo", b"x")
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
        error = from_rpc_error(caught.value)
        assert isinstance(error, Unauthenticated)
        assert TOKEN.get_secret_value() not in str(error) + error.hint
        with pytest.raises(grpc.aio.AioRpcError):
            await channel.stream_unary("/Probe/Collect")(stream_of([b"a"] * 3))
        assert probe.ends == []
        health = await channel.unary_unary("/grpc.health.v1.Health/Check")(b"")
        assert health_pb2.HealthCheckResponse.FromString(health).status == health_pb2.HealthCheckResponse.SERVING


async def test_tls_serves_who_trusts_the_authority_and_nobody_in_plaintext(certificates: Certificates) -> None:
    settings = GrpcSettings(host="0.0.0.0", tls_certificate=certificates.server, tls_key=certificates.server_key)
    async with GrpcServer(settings, port=0, services=[Probe().service()]) as server:
        trusting = GrpcSettings(tls=True, tls_root=certificates.authority, deadline=5)
        async with open_channel(server.target, trusting) as channel:
            assert await ask(channel, "Echo", b"x") == b"x"
        for stranger in (PLAIN, GrpcSettings(tls=True, deadline=5)):
            async with open_channel(server.target, stranger) as channel:
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await ask(channel, "Echo", b"x")
                assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_mutual_tls_asks_the_caller_for_a_certificate(certificates: Certificates) -> None:
    settings = GrpcSettings(
        tls_certificate=certificates.server, tls_key=certificates.server_key, tls_client_ca=certificates.authority
    )
    known = GrpcSettings(
        tls=True,
        tls_root=certificates.authority,
        tls_client_certificate=certificates.client,
        tls_client_key=certificates.client_key,
    )
    unknown = GrpcSettings(tls=True, tls_root=certificates.authority, deadline=5)
    async with GrpcServer(settings, port=0, services=[Probe().service()]) as server:
        async with open_channel(server.target, known) as channel:
            assert await ask(channel, "Echo", b"x") == b"x"
        async with open_channel(server.target, unknown) as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await ask(channel, "Echo", b"x")
            assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (
            lambda p: GrpcSettings(tls_certificate=p / "none.pem", tls_key=p / "none.key"),
            "HIREHUB_GRPC__TLS_CERTIFICATE",
        ),
        (lambda p: GrpcSettings(tls_certificate=p), "HIREHUB_GRPC__TLS_CERTIFICATE"),
        (lambda p: GrpcSettings(tls_key=p), "HIREHUB_GRPC__TLS_CERTIFICATE"),
        (lambda p: GrpcSettings(tls_client_ca=p), "HIREHUB_GRPC__TLS_CLIENT_CA"),
    ],
)
async def test_half_of_a_tls_setting_is_refused_by_name(
    tmp_path: Path, settings: Callable[[Path], GrpcSettings], named: str
) -> None:
    with pytest.raises(InvalidSettings, match=named):
        await GrpcServer(settings(tmp_path), port=0, services=[]).start()


def test_half_of_a_clients_certificate_is_refused_by_name(certificates: Certificates) -> None:
    with pytest.raises(InvalidSettings, match="HIREHUB_GRPC__TLS_CLIENT_KEY"):
        open_channel("127.0.0.1:1", GrpcSettings(tls=True, tls_client_certificate=certificates.client))


@pytest.mark.parametrize("target", ["foo", "127.0.0.1:99999", "127.0.0.1:", ":50051", "a b:1", "127.0.0.1:-1", ""])
async def test_an_address_that_is_not_host_and_port_is_refused_before_it_is_dialled(target: str) -> None:
    """gRPC would dial port 34463 for 99999, and a name without a port for ever."""
    with pytest.raises(BadTarget, match="HOST:PORT"):
        open_channel(target, GrpcSettings())


async def test_a_file_without_pem_is_told_by_its_setting(tmp_path: Path) -> None:
    """It is not taken for a port that is in use."""
    (tmp_path / "cert").write_text("no certificate")
    settings = GrpcSettings(tls_certificate=tmp_path / "cert", tls_key=tmp_path / "cert")
    with pytest.raises(InvalidSettings, match="holds no PEM"):
        await GrpcServer(settings, port=0, services=[]).start()


@pytest.mark.parametrize("side", ["server", "client"])
async def test_a_key_of_another_certificate_is_told_by_both_names(certificates: Certificates, side: str) -> None:
    """gRPC itself would only say that it cannot listen, as if the port were taken."""
    if side == "server":
        settings = GrpcSettings(tls_certificate=certificates.server, tls_key=certificates.client_key)
        with pytest.raises(InvalidSettings, match="HIREHUB_GRPC__TLS_KEY is not the key of HIREHUB_GRPC__TLS_CERT"):
            await GrpcServer(settings, port=0, services=[]).start()
        return
    settings = GrpcSettings(
        tls=True, tls_client_certificate=certificates.client, tls_client_key=certificates.server_key
    )
    with pytest.raises(InvalidSettings, match="HIREHUB_GRPC__TLS_CLIENT_KEY is not the key of"):
        open_channel("127.0.0.1:1", settings)


def test_a_key_that_cannot_be_read_is_told_without_asking_for_its_password(
    certificates: Certificates, tmp_path: Path
) -> None:
    (tmp_path / "bad.pem").write_text("-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n")
    with pytest.raises(InvalidSettings, match="cannot be used"):
        server_credentials(GrpcSettings(tls_certificate=certificates.server, tls_key=tmp_path / "bad.pem"))
