"""Models that are not the product's own: a folder, a hub over HTTP, an endpoint over HTTP."""

import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from hirehub.kernel.errors import HirehubError
from hirehub.services.ai.embedding.endpoint import WrongAnswer
from hirehub.services.ai.embedding.errors import ModelUnavailable, UnusableModel
from hirehub.services.ai.embedding.holding import hold
from hirehub.services.ai.embedding.opening import open_embedder
from hirehub.services.ai.embedding.safetensors import read_tensors
from hirehub.services.ai.settings import ModelSettings
from tests.support.models import WORDS, endpoint, hub, small_model

_erf = np.vectorize(math.erf)


def by_hand(folder: Path, words: Sequence[str]) -> np.ndarray:
    """The vector of a text, worked out step by step from the saved weights."""
    w = {
        name: one.astype(np.float64) for name, one in read_tensors((folder / "model.safetensors").read_bytes()).items()
    }
    ids = [2, *(WORDS.index(word) for word in words), 3]

    def normal(x: np.ndarray, name: str) -> np.ndarray:
        x = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        return x * w[f"{name}.LayerNorm.weight"] + w[f"{name}.LayerNorm.bias"]

    def dense(x: np.ndarray, name: str) -> np.ndarray:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = normal(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings")
    layer, heads = "encoder.layer.0", []
    q, k, v = (dense(x, f"{layer}.attention.self.{one}") for one in ("query", "key", "value"))
    for head in (slice(0, 4), slice(4, 8)):
        seen = np.exp(q[:, head] @ k[:, head].T / 2)
        heads.append(seen / seen.sum(axis=1, keepdims=True) @ v[:, head])
    x = normal(dense(np.concatenate(heads, axis=1), f"{layer}.attention.output.dense") + x, f"{layer}.attention.output")
    wide = dense(x, f"{layer}.intermediate.dense")
    wide = wide * (1 + _erf(wide / math.sqrt(2))) / 2
    mean = normal(dense(wide, f"{layer}.output.dense") + x, f"{layer}.output").mean(axis=0)
    found: np.ndarray = mean / np.linalg.norm(mean)
    return found


def test_a_folder_of_another_model_gives_what_its_weights_say(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "small")
    model = open_embedder(ModelSettings(name=str(folder)), tmp_path / "data")
    found = model.embed(["nurse and engineer", "python"])
    assert model.model.startswith("small@")
    assert np.abs(found[0] - by_hand(folder, ["nurse", "and", "engineer"])).max() < 1e-5
    assert np.abs(found[1] - by_hand(folder, ["python"])).max() < 1e-5


def test_other_weights_are_another_model(tmp_path: Path) -> None:
    names = [
        open_embedder(ModelSettings(name=str(small_model(tmp_path / "small", seed))), tmp_path / "data").model
        for seed in (3, 4, 3)
    ]
    assert names[0] == names[2] != names[1]


def test_old_states_of_a_model_are_removed_once_no_process_uses_them(tmp_path: Path) -> None:
    settings, models = ModelSettings(name=str(small_model(tmp_path / "small"))), tmp_path / "data" / "ai" / "models"
    present = open_embedder(settings, tmp_path / "data").model
    (own,) = models.iterdir()
    week, names = (
        time.time() - 8 * 86_400,
        ("small-" + "a" * 12, "small-" + "b" * 12, "small-large-" + "c" * 12, "small-x"),
    )
    used, young, other, foreign = (shutil.copytree(own, models / f"{name}-1") for name in names)
    for one in (own, used, other, foreign):
        os.utime(one, (week, week))
    waits = f"from {hold.__module__} import hold; from pathlib import Path; print(hold(Path({str(used)!r}))); input()"
    with subprocess.Popen(
        [sys.executable, "-c", waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        open_embedder(settings, tmp_path / "data")
        assert {*models.iterdir()} == {own, used, young, other, foreign}
        process.communicate("\n")
    open_embedder(settings, tmp_path / "data")
    assert {*models.iterdir()} == {own, young, other, foreign}
    shutil.rmtree(own)
    assert open_embedder(settings, tmp_path / "data").model == present
    assert {*models.iterdir()} == {own, young, other, foreign}


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("config.json", '{"model_type": "gpt2"}', "gpt2"),
        ("config.json", "[]", "no JSON object"),
        ("model.safetensors", "x" * 100, "no safetensors"),
        ("modules.json", '[{"type": "sentence_transformers.models.Dense"}]', "Dense"),
        ("tokenizer.json", None, "tokenizer.json"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(tmp_path: Path, file: str, content: str | None, told: str) -> None:
    folder = small_model(tmp_path / "small")
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(content, "utf-8")
    with pytest.raises(UnusableModel, match=told):
        open_embedder(ModelSettings(name=str(folder)), tmp_path / "data")
    assert list((tmp_path / "data" / "ai" / "models").iterdir()) == []


def test_a_hub_is_asked_once(tmp_path: Path) -> None:
    folder = small_model(tmp_path / "small")
    with hub("lumen/small", folder) as served:
        settings = ModelSettings(name="lumen/small", hub=served.url)
        model = open_embedder(settings, tmp_path / "data")
        asked = len(served.asked)
        again = open_embedder(settings, tmp_path / "data")
        assert asked == len(served.asked) > 0
        with pytest.raises(ModelUnavailable, match="has no model"):
            open_embedder(ModelSettings(name="lumen/other", hub=served.url), tmp_path / "data")
    with pytest.raises(ModelUnavailable, match="cannot be fetched"):
        open_embedder(ModelSettings(name="lumen/third", hub=served.url), tmp_path / "data")
    assert model.model == again.model
    assert model.model.startswith("lumen/small@")
    assert np.abs(again.embed(["nurse"])[0] - by_hand(folder, ["nurse"])).max() < 1e-5


def of(url: str, **more: object) -> ModelSettings:
    """Settings of an endpoint."""
    told = {"name": "big", "url": url, "dimension": 4, "key": SecretStr("sesame"), "backoff": 0.01, **more}
    return ModelSettings.model_validate(told)


def test_an_endpoint_is_asked_in_batches_and_again_while_it_is_busy(tmp_path: Path) -> None:
    with endpoint(4) as served:
        model = open_embedder(of(served.url, batch=2), tmp_path)
        served.answers += [(429, {}, {"retry-after": "0"}), (503, {}, {})]
        found = model.embed(["a", "bbb", "cc"])
    assert (model.model, model.dimension) == ("big", 4)
    assert [len(body["input"]) for _, _, body in served.asked] == [2, 2, 2, 1]
    assert {path for path, _, _ in served.asked} == {"/v1/embeddings"}
    assert {headers["authorization"] for _, headers, _ in served.asked} == {"Bearer sesame"}
    assert (found[:, 0] / found[:, 1]).tolist() == pytest.approx([2, 4, 3])
    assert np.linalg.norm(found, axis=1).tolist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize(
    ("status", "told", "error", "said"),
    [
        (401, {}, UnusableModel, "refuses our key"),
        (404, {}, UnusableModel, "answers 404"),
        (500, {}, ModelUnavailable, "answers 500"),
        (200, {"data": "none"}, WrongAnswer, "no list"),
        (200, {"data": [{"index": 0, "embedding": [1, 2]}]}, WrongAnswer, "shape"),
        (200, {"data": [{"index": 0, "embedding": [0, 0, 0, 0]}]}, WrongAnswer, "nowhere"),
    ],
)
def test_an_endpoint_that_answers_wrong_is_told_without_text_or_key(
    tmp_path: Path, status: int, told: object, error: type[HirehubError], said: str
) -> None:
    with endpoint(4) as served:
        served.answers += [(status, told, {})] * 2
        with pytest.raises(error, match=said) as caught:
            open_embedder(of(served.url, attempts=2), tmp_path).embed(["a secret text"])
    whole = json.dumps([caught.value.message, caught.value.hint, caught.value.facts])
    assert "secret" not in whole
    assert "sesame" not in whole


def test_an_endpoint_that_is_silent_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="does not answer"):
        open_embedder(of("http://127.0.0.1:9/v1", attempts=2), tmp_path).embed(["a"])
