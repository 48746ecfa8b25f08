"""Services as processes of their own: the halves of vectors apart, the AI server apart, on one database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hirehub.kernel.postgres import EmbeddedPostgres
from hirehub.runtime.sample import sample_files
from tests.support.cli import hirehub
from tests.support.postgres import LEAN
from tests.support.product import Product, free_ports, product_settings, running

BY_TEXT = '{ findRecruitsByText(text: "nurse", limit: 3) { similarity } }'
COUNT = "{ searchRecruits { totalCount } }"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Settings of a product whose processes share one data directory."""
    return product_settings(tmp_path / "data")


@pytest.fixture
def halves(env: dict[str, str], tmp_path: Path) -> Iterator[tuple[Product, Product, Product]]:
    """`ai`, `vectors.batch` and `vectors.api`, each its own process with its own ports."""
    port, other = free_ports(2)
    files = {f"HIREHUB_AI__{domain.upper()}__FILE": str(path) for domain, path in sample_files().items()}
    files["HIREHUB_HTTP__PORT"] = str(other)
    told = {"HIREHUB_VECTORS__CACHE_TARGETS": f"127.0.0.1:{port}"}
    api_only = {"HIREHUB_VECTORS__GRPC_PORT": str(port), "HIREHUB_SERVICES__AI": f"http://127.0.0.1:{other}"}
    with (
        running(["serve", "ai"], {**env, **files}, tmp_path / "ai") as ai,
        running(["serve", "vectors.batch"], {**env, **told}, tmp_path / "batch") as batch,
        running(["serve", "vectors.api"], {**env, **api_only}, tmp_path / "api") as api,
    ):
        yield ai, batch, api


def test_the_halves_of_vectors_work_as_processes_of_their_own(
    halves: tuple[Product, Product, Product], env: dict[str, str]
) -> None:
    """Rows pulled from one are found through another, whose kept answer was dropped as soon as they were stored."""
    ai, batch, api = halves
    assert batch.document["http"] is None
    assert api.graphql(COUNT) == {"searchRecruits": {"totalCount": 0}}
    targets = {"HIREHUB_VECTORS__CACHE_TARGETS": f"127.0.0.1:{api.env['HIREHUB_VECTORS__GRPC_PORT']}"}
    ran = hirehub("vectors", "ingest", "recruit", "--from", ai.document["grpc"]["ai"], "--json", env={**env, **targets})
    assert ran.code == 0, ran.err
    assert api.graphql(COUNT) == {"searchRecruits": {"totalCount": 220}}
    assert len(api.graphql(BY_TEXT)["findRecruitsByText"]) == 3


def test_two_halves_on_one_port_are_told_which_setting_keeps_them_apart(env: dict[str, str], tmp_path: Path) -> None:
    with running(["serve", "vectors.batch"], env, tmp_path / "batch"):
        ran = hirehub("serve", "vectors.api", env=env)
    assert ran.code == 4
    assert "HIREHUB_VECTORS__GRPC_PORT" in ran.err


def test_processes_share_the_embedded_server_and_the_last_one_stops_it(env: dict[str, str], tmp_path: Path) -> None:
    pid_file = tmp_path / "data" / "postgres" / "cluster" / "postmaster.pid"
    with running(["serve", "vectors.batch"], env, tmp_path / "batch") as batch:
        assert hirehub("db", "check", "vectors", env=env).code == 0
        assert pid_file.exists()
        assert batch.stop() < 5
    assert batch.process.returncode == 0
    assert not pid_file.exists()


def test_a_server_of_others_is_migrated_by_command_only(tmp_path: Path) -> None:
    """A process that merely serves does not change tables that others may use; it names the command that does."""
    with EmbeddedPostgres(tmp_path / "server", LEAN) as server:
        env = product_settings(tmp_path / "data", HIREHUB_DATABASE__URL=server.admin_dsn())
        refused = hirehub("serve", "vectors.batch", env=env)
        assert (refused.code, "hirehub db upgrade" in refused.err) == (1, True)
        assert hirehub("db", "upgrade", env=env).code == 0
        with running(["serve", "vectors.batch"], env, tmp_path / "batch") as batch:
            assert batch.stop() < 5
    assert not (tmp_path / "data" / "postgres").exists()


def test_an_unknown_service_is_told_with_those_there_are() -> None:
    ran = hirehub("serve", "matching")
    assert ran.code == 2
    assert "Use one of: ai, ai.api, ai.worker, vectors, vectors.batch, vectors.api, user" in ran.err
