"""Small models with weights by chance, and servers that hand models and vectors out as the real ones do."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "nurse", "engineer", "python", "and")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
HIDDEN, WIDE, PLACES = 8, 16, 32


def small_model(folder: Path, seed: int = 3) -> Path:
    """A BERT of one layer as the reference implementation saves it."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": (PLACES, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
    }
    layer = "encoder.layer.0"
    dense: dict[str, tuple[int, ...]] = {
        f"{layer}.attention.self.{one}": (HIDDEN, HIDDEN) for one in ("query", "key", "value")
    }
    dense[f"{layer}.attention.output.dense"] = (HIDDEN, HIDDEN)
    dense[f"{layer}.intermediate.dense"] = (WIDE, HIDDEN)
    dense[f"{layer}.output.dense"] = (HIDDEN, WIDE)
    for name, shape in dense.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": shape[:1]}
    for name in ("embeddings", f"{layer}.attention.output", f"{layer}.output"):
        shapes |= {f"{name}.LayerNorm.weight": (HIDDEN,), f"{name}.LayerNorm.bias": (HIDDEN,)}
    header, content = {}, b""
    for name, shape in shapes.items():
        raw = rng.standard_normal(shape).astype(np.float32).tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(content), len(content) + len(raw)]}
        content += raw
    told = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + content)
    _save(folder, "config.json", model_type="bert", hidden_act="gelu", hidden_size=HIDDEN, num_hidden_layers=1,
          num_attention_heads=2, max_position_embeddings=PLACES)  # fmt: skip
    _save(folder, "sentence_bert_config.json", max_seq_length=16)
    _save_tokenizer(folder)
    return folder


def _save(folder: Path, name: str, **content: object) -> None:
    (folder / name).write_text(json.dumps(content), "utf-8")


def _save_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    made = Tokenizer(WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    made.save(str(folder / "tokenizer.json"))


@dataclass
class Served:
    """A server that is up: its address, and what was asked of it."""

    url: str = ""
    asked: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, Any, Mapping[str, str]]] = field(default_factory=list)
    """Of the endpoint, what it answers next before it answers as it should."""


@contextmanager
def hub(name: str, folder: Path) -> Iterator[Served]:
    """A hub with one model, as far as fetching it asks."""
    files = {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    served = Served()

    class Handler(_Quiet):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            served.asked.append((path, dict(self.headers), None))
            if path.startswith(f"/api/models/{name}/revision/"):
                told = {"id": name, "sha": COMMIT, "siblings": [{"rfilename": one} for one in files]}
                self.answer(200, json.dumps(told).encode(), {"content-type": "application/json"})
            elif path == f"/api/models/{name}/tree/{COMMIT}":
                listed = [{"type": "file", "path": one, "size": len(files[one]), "oid": COMMIT} for one in files]
                self.answer(200, json.dumps(listed).encode(), {"content-type": "application/json"})
            elif path.startswith(f"/{name}/resolve/") and (file := path.split("/", 5)[5]) in files:
                etag = hashlib.sha256(files[file]).hexdigest()
                self.answer(200, files[file], {"etag": f'"{etag}"', "x-repo-commit": COMMIT})
            else:
                self.answer(404, b"", {"x-error-code": "RepoNotFound"})

    with _running(Handler, served):
        yield served


@contextmanager
def endpoint(dimension: int) -> Iterator[Served]:
    """An OpenAI-compatible endpoint, whose vectors count the letters of a text."""
    served = Served()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            served.asked.append((self.path, dict(self.headers), body))
            status, told, headers = served.answers.pop(0) if served.answers else (200, None, {})
            if told is None and status == 200:
                rows = [[len(text) + 1.0, *[1.0] * (dimension - 1)] for text in body["input"]]
                told = {"data": [{"index": n, "embedding": row} for n, row in reversed(list(enumerate(rows)))]}
            self.answer(status, json.dumps(told).encode(), headers)

    with _running(Handler, served):
        served.url += "/v1"
        yield served


class _Quiet(BaseHTTPRequestHandler):
    def answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Says nothing."""


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler], served: Served) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        served.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
