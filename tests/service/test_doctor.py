"""The doctor names what is wrong, and how to mend it, for one fault at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from hirehub.runtime import ports
from hirehub.runtime.doctor import examine
from hirehub.runtime.findings import Finding, Status
from tests.support.cli import hirehub
from tests.support.product import product_settings

Doctor = Callable[..., dict[str, Finding]]


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Examines a product of its own with some settings; the findings by name."""
    monkeypatch.chdir(tmp_path)
    env = product_settings(tmp_path / "data")

    def look(**extra: str) -> dict[str, Finding]:
        for name, value in {**env, **extra}.items():
            monkeypatch.setenv(name, value)
        return {finding.name: finding for finding in examine()}

    return look


def test_a_bare_machine_is_fine_and_stays_bare(doctor: Doctor, tmp_path: Path) -> None:
    """Nothing is made by looking."""
    found = doctor()
    assert {finding.status for finding in found.values()} == {Status.OK}
    assert "will make the database" in found["PostgreSQL"].message
    assert list(tmp_path.iterdir()) == []


def test_people_get_one_line_a_check_and_scripts_a_code(tmp_path: Path) -> None:
    ran = hirehub("doctor", env=product_settings(tmp_path, HIREHUB_HTTP__HOST="192.0.2.1"), cwd=tmp_path)
    assert ran.code == 1
    assert all(line.startswith(("ok    ", "fail  port ")) for line in ran.out.splitlines())


def test_a_setting_that_cannot_be_used_ends_the_examination(doctor: Doctor) -> None:
    found = doctor(HIREHUB_VECTORS__RECRUIT__DIMENSION="many")
    assert list(found) == ["python", "settings"]
    assert "HIREHUB_VECTORS__RECRUIT__DIMENSION" in found["settings"].message


def test_a_misspelt_setting_is_a_warning_with_the_right_name(doctor: Doctor) -> None:
    found = doctor(HIREHUB_HTTP__PROT="8000")["settings"]
    assert (found.status, found.mend) == (Status.WARN, "Did you mean HIREHUB_HTTP__PORT?")


def test_a_time_of_a_schedule_that_cannot_be_read_is_told(doctor: Doctor) -> None:
    found = doctor(HIREHUB_VECTORS__DEAD__REPLAY_CRON="every day")["settings"]
    assert found.status is Status.FAIL
    assert "HIREHUB_VECTORS__DEAD__REPLAY_CRON: 'every day' is no cron expression" in found.message


def test_an_address_of_redis_that_is_none_is_told_as_serve_tells_it(doctor: Doctor) -> None:
    pytest.importorskip("redis")
    found = doctor(HIREHUB_CACHE__URL="redis://localhost:notaport/0")["Redis"]
    assert (found.status, found.message) == (Status.FAIL, "HIREHUB_CACHE__URL is no address of Redis")


def test_a_port_of_somebody_else_is_told_with_the_setting(doctor: Doctor) -> None:
    with ports.listen("127.0.0.1", 0) as other:
        port = str(other.getsockname()[1])
        found = doctor(HIREHUB_HTTP__PORT=port)[f"port {port}"]
    assert found.status is Status.FAIL
    assert found.mend == "Stop that process, or set HIREHUB_HTTP__PORT to another port."


def test_a_listener_open_to_the_network_is_told_before_it_is_refused(doctor: Doctor) -> None:
    found = doctor(HIREHUB_GRPC__HOST="0.0.0.0")["gRPC"]
    assert found.status is Status.FAIL
    assert "HIREHUB_GRPC__TOKEN" in found.mend


def test_a_data_directory_that_is_a_file_is_told(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert doctor()["data directory"].status is Status.FAIL


def test_a_data_directory_that_everybody_may_write_is_a_warning(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    found = doctor()["data directory"]
    assert (found.status, found.mend) == (Status.WARN, f"Run: chmod o-w {tmp_path / 'data'}")


def test_a_database_that_does_not_answer_is_told_without_its_password(doctor: Doctor) -> None:
    found = doctor(HIREHUB_DATABASE__URL="postgresql://me:hunter2@127.0.0.1:1/postgres")
    assert found["PostgreSQL"].status is Status.FAIL
    assert "hunter2" not in repr(found)


def test_a_redis_that_does_not_answer_is_told_without_its_password(doctor: Doctor) -> None:
    pytest.importorskip("redis")
    found = doctor(HIREHUB_CACHE__URL="redis://:hunter2@127.0.0.1:1/0")
    assert found["Redis"].status is Status.FAIL
    assert "hunter2" not in repr(found)


def test_tables_are_held_against_settings_and_revision(doctor: Doctor, tmp_path: Path) -> None:
    """A dimension that is not the column's, and tables that are gone, each with the command that mends it."""
    env = product_settings(tmp_path / "data")
    assert hirehub("db", "upgrade", env=env).code == 0
    assert {finding.status for finding in doctor().values()} == {Status.OK}
    found = doctor(HIREHUB_VECTORS__CANDIDATE__DIMENSION="768")["tables of vectors"]
    assert found.mend == "Run: hirehub vectors dimension migrate candidate 768"
    assert hirehub("db", "downgrade", "vectors", "--yes", env=env).code == 0
    found = doctor()["tables of vectors"]
    assert (found.status, found.mend) == (Status.FAIL, "Run: hirehub db upgrade")
