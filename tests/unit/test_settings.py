"""Settings come from the environment, and a wrong one is named."""

import pytest

from hirehub.kernel.settings import InvalidSettings, Settings, load
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
