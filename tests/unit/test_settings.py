"""Settings come from the environment, and a wrong one is named."""

from pathlib import Path

import pytest

from hirehub.kernel.settings import InvalidSettings, Settings, default_data_dir, load
from hirehub.services.ai.settings import AiSettings
from hirehub.services.vectors.settings import VectorsSettings


def test_a_nested_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are separated by two underscores."""
    monkeypatch.setenv("HIREHUB_HTTP__PORT", "8123")
    monkeypatch.setenv("HIREHUB_VECTORS__RECRUIT__DIMENSION", "768")
    assert load(Settings).http.port == 8123
    assert load(VectorsSettings).recruit.dimension == 768
    assert load(VectorsSettings).candidate.dimension == 384


def test_a_wrong_value_is_refused_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which variable to correct."""
    monkeypatch.setenv("HIREHUB_HTTP__PORT", "eighty")
    with pytest.raises(InvalidSettings, match="HIREHUB_HTTP__PORT") as caught:
        load(Settings)
    assert "HIREHUB_HTTP__PORT" in caught.value.hint


def test_a_group_that_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_DATABASE", "{bad")
    with pytest.raises(InvalidSettings, match='field "database"'):
        load(Settings)


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by str nor by repr."""
    monkeypatch.setenv("HIREHUB_DATABASE__URL", "postgresql://user:hunter2@db/x")
    settings = load(Settings)
    assert "hunter2" not in f"{settings} {settings!r}"


def test_cache_targets_are_a_list_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any, the product tells its own API server."""
    assert load(VectorsSettings).targets() == ("127.0.0.1:50052",)
    monkeypatch.setenv("HIREHUB_VECTORS__CACHE_TARGETS", "a:1, b:2")
    assert load(VectorsSettings).targets() == ("a:1", "b:2")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HIREHUB_VECTORS__CACHE_TARGETS", "a,b:1,"),
        ("HIREHUB_VECTORS__CACHE_TARGETS", "a:1,b:70000"),
        ("HIREHUB_VECTORS__RECRUIT__SOURCE", "nonsense"),
        ("HIREHUB_VECTORS__API__TOKEN", "two\nlines"),
        ("HIREHUB_VECTORS__API__TOKEN", "geheim-ß"),
    ],
)
def test_what_can_never_work_is_refused_at_start_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Not at the first pull or the first call, hours later; and a token is not shown."""
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings, match=f"^{name}: ") as caught:
        load(VectorsSettings)
    assert "TOKEN" not in name or value not in str(caught.value)


def test_a_token_that_no_header_carries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIREHUB_GRPC__TOKEN", "good-one")
    assert load(Settings).grpc.token is not None
    monkeypatch.setenv("HIREHUB_GRPC__TOKEN", "bad\none")
    with pytest.raises(InvalidSettings, match=r"^HIREHUB_GRPC__TOKEN: "):
        load(Settings)


def test_an_empty_path_or_address_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "GRPC__TLS_KEY", "AI__RECRUIT__FILE", "VECTORS__RECRUIT__SOURCE"):
        monkeypatch.setenv(f"HIREHUB_{name}", "")
    assert load(Settings).data_dir == default_data_dir()
    assert load(Settings).grpc.tls_key is None
    assert load(AiSettings).recruit.file is None
    assert load(VectorsSettings).recruit.source is None


def test_the_home_folder_may_be_written_as_in_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No shell has seen what a `.env` file says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/somebody")
    (tmp_path / ".env").write_text("HIREHUB_DATA_DIR=~/x\nHIREHUB_AI__RECRUIT__FILE=~/rows.parquet\n")
    assert load(Settings).data_dir == Path("/home/somebody/x")
    assert load(AiSettings).recruit.file == Path("/home/somebody/rows.parquet")


def test_a_file_of_settings_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"HIREHUB_DATA_DIR=\xff\xfe\n")
    with pytest.raises(InvalidSettings, match=f"{tmp_path}/.env is no text in UTF-8"):
        load(Settings)
