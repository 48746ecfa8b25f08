"""The table of settings: values, where they came from, and what is masked."""

from pathlib import Path

import pytest

from hirehub.kernel.settings import InvalidSettings
from hirehub.runtime.settings_table import MASK, Setting, Source, misspelt, reference, settings_table
from hirehub.services.vectors.module import MODULE as VECTORS

MODULES = (VECTORS,)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A present folder without a `.env` of somebody else's."""
    monkeypatch.chdir(tmp_path)


def setting(name: str) -> Setting:
    return next(row for row in settings_table(MODULES) if row.name == name)


def test_a_default_is_told_as_one() -> None:
    row = setting("HIREHUB_HTTP__PORT")
    assert (row.value, row.source, row.default) == ("8000", Source.DEFAULT, "8000")


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HIREHUB_HTTP__PORT=8001\nHIREHUB_VECTORS__GRPC_PORT=50062\n")
    monkeypatch.setenv("HIREHUB_HTTP__PORT", "8002")
    assert (setting("HIREHUB_HTTP__PORT").value, setting("HIREHUB_HTTP__PORT").source) == ("8002", Source.ENVIRONMENT)
    row = setting("HIREHUB_VECTORS__GRPC_PORT")
    assert (row.value, row.source) == ("50062", Source.FILE)


def test_a_nested_setting_of_a_service_has_its_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__DIMENSION", "768")
    row = setting("HIREHUB_VECTORS__RECRUIT__DIMENSION")
    assert (row.value, row.source) == ("768", Source.ENVIRONMENT)
    assert setting("HIREHUB_VECTORS__CANDIDATE__DIMENSION").value == "384"


def test_a_group_given_as_json_counts_as_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_HTTP", '{"port": 8003}')
    assert (setting("HIREHUB_HTTP__PORT").value, setting("HIREHUB_HTTP__PORT").source) == ("8003", Source.ENVIRONMENT)
    assert misspelt(MODULES) == []


def test_a_secret_is_masked_wherever_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_DATABASE__URL", "postgresql://me:hunter2@db/postgres")
    assert setting("HIREHUB_DATABASE__URL").value == MASK
    assert "hunter2" not in repr(settings_table(MODULES))


def test_a_misspelt_variable_is_told_with_the_nearest_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_HTTP__PROT", "8000")
    assert misspelt(MODULES) == [("HIREHUB_HTTP__PROT", "HIREHUB_HTTP__PORT")]


def test_a_value_that_cannot_be_used_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_HTTP__PORT", "http")
    with pytest.raises(InvalidSettings, match="HIREHUB_HTTP__PORT"):
        settings_table(MODULES)


def test_a_file_that_is_no_text_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"X=\xff\n")
    for read in (settings_table, misspelt):
        with pytest.raises(InvalidSettings, match="is no text in UTF-8"):
            read(MODULES)


def test_the_reference_names_every_setting_and_nothing_of_this_machine(tmp_path: Path) -> None:
    page = reference(MODULES)
    assert all(f"`{row.name}`" in page for row in settings_table(MODULES))
    assert str(Path.home()) not in page
    assert str(tmp_path) not in page


def test_every_setting_says_what_it_is_for() -> None:
    assert [row.name for row in settings_table(MODULES) if not row.doc] == []
