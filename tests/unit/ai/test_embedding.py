"""Models: the product's own beside the reference implementation, and what each setting opens."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from hirehub.services.ai.embedding.errors import NoModel, UnusableModel
from hirehub.services.ai.embedding.local import LocalEmbedder, batched
from hirehub.services.ai.embedding.manifest import Manifest
from hirehub.services.ai.embedding.opening import open_embedder
from hirehub.services.ai.embedding.port import Embedder
from hirehub.services.ai.settings import ModelSettings
from tests.support.shared import shared_dir


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def own(data_dir: Path) -> Embedder:
    """The product's own model, converted once."""
    return open_embedder(ModelSettings(), data_dir)


def test_the_own_model_gives_the_vectors_of_the_reference(own: Embedder) -> None:
    table = pq.read_table(shared_dir() / "data" / "minilm" / "reference.parquet")
    expected = np.array(table["embedding"].to_pylist(), np.float32)
    found = own.embed([str(text) for text in table["text"].to_pylist()])
    assert found.shape == (178, 384)
    assert (found * expected).sum(axis=1).min() >= 0.999


def test_vectors_depend_neither_on_order_nor_on_neighbours(own: Embedder) -> None:
    texts = ["Backend developer", "백엔드 개발자, 서울", "", "A nurse who knows wards. " * 80]
    together = own.embed(texts)
    alone = np.concatenate([own.embed([text]) for text in reversed(texts)])[::-1]
    assert own.embed([]).shape == (0, 384)
    assert np.abs(np.linalg.norm(together, axis=1) - 1).max() < 1e-5
    assert np.abs(together - alone).max() < 1e-5


def test_a_model_is_converted_once_and_nothing_is_left_beside_it(own: Embedder, data_dir: Path) -> None:
    before = [one.stat().st_mtime_ns for one in sorted(data_dir.rglob("*"))]
    again = open_embedder(ModelSettings(), data_dir)
    assert again.model == own.model
    assert again.model.startswith("all-MiniLM-L6-v2@")
    assert [one.stat().st_mtime_ns for one in sorted(data_dir.rglob("*"))] == before
    assert [one.name.startswith("all-MiniLM-L6-v2-") for one in (data_dir / "ai" / "models").iterdir()] == [True]


def test_a_folder_is_used_as_its_manifest_says(own: Embedder, data_dir: Path, tmp_path: Path) -> None:
    (converted,) = (data_dir / "ai" / "models").iterdir()
    for one in converted.iterdir():
        (tmp_path / one.name).write_bytes(one.read_bytes())
    manifest = Manifest(name="mine", dimension=384, length=16, prefix="post: ")
    (tmp_path / "manifest.json").write_text(manifest.model_dump_json(), "utf-8")
    mine = open_embedder(ModelSettings(name=str(tmp_path)), data_dir)
    assert isinstance(mine, LocalEmbedder)
    assert mine.model.startswith("mine@")
    assert np.abs(mine.embed(["nurse"]) - own.embed(["post: nurse"])).max() < 1e-5
    assert np.abs(mine.embed(["nurse " * 30]) - own.embed(["post: " + "nurse " * 12])).max() < 1e-5
    (tmp_path / "manifest.json").write_text('{"name": "mine", "length": 16}', "utf-8")
    with pytest.raises(UnusableModel, match="dimension"):
        open_embedder(ModelSettings(name=str(tmp_path)), data_dir)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (ModelSettings(name="all-minilm"), "is no folder, no hub's ORG/NAME"),
        (ModelSettings(name="m", url="ftp://host"), "MODEL__URL"),
        (ModelSettings(name="m", url="http://127.0.0.1:1/v1"), "MODEL__DIMENSION"),
    ],
)
def test_settings_that_name_no_model_are_told(settings: ModelSettings, told: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=told):
        open_embedder(settings, tmp_path)


def test_a_model_that_is_switched_off_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="HIREHUB_AI__MODEL__NAME"):
        open_embedder(ModelSettings(name="none"), tmp_path)


def test_batches_hold_texts_of_like_length_and_a_bounded_number_of_tokens() -> None:
    assert batched([3, 100, 5, 90, 4], 200) == [[1, 3], [2, 4, 0]]
    assert batched([300, 300], 200) == [[0], [1]]
    assert batched([], 200) == []
