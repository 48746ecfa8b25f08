"""The product as its users run it: `hirehub up` or `serve`, each its own process, ports and data."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.cli import ROOT, Ran, environment, hirehub

PORTS = ("HIREHUB_HTTP__PORT", "HIREHUB_AI__GRPC_PORT", "HIREHUB_VECTORS__GRPC_PORT")
LEAN = {"HIREHUB_DATABASE__SHARED_BUFFERS": "64", "HIREHUB_DATABASE__MAINTENANCE_MEMORY": "128"}


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in held]


def product_settings(data_dir: Path, **extra: str) -> dict[str, str]:
    """Variables of a product with its own data directory and ports."""
    ports = {name: str(port) for name, port in zip(PORTS, free_ports(len(PORTS)), strict=True)}
    return {"HIREHUB_DATA_DIR": str(data_dir), **ports, **LEAN, **extra}


@dataclass
class Product:
    """A running process of the product."""

    env: Mapping[str, str]
    process: "subprocess.Popen[bytes]"
    log: Path
    document: dict[str, Any] = field(default_factory=dict)

    def graphql(self, query: str, token: str = "", **variables: Any) -> Any:
        """The data of a GraphQL answer; raises AssertionError with the errors of one. A token shows who asks."""
        url = f"http://127.0.0.1:{self.env['HIREHUB_HTTP__PORT']}/graphql"
        body = json.dumps({"query": query, "variables": variables}).encode()
        own = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(url, body, {"Content-Type": "application/json", **own})
        with urllib.request.urlopen(request, timeout=30) as answer:
            found = json.load(answer)
        assert "errors" not in found, found["errors"]
        return found["data"]

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Asks the process to end; the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - began

    def said(self) -> str:
        """What it wrote to standard error so far."""
        return self.log.read_text("utf-8", "replace")


@contextmanager
def running(words: Sequence[str], env: Mapping[str, str], folder: Path, *, timeout: float = 90) -> Iterator[Product]:
    """Starts `hirehub WORDS --json` and waits for its document; ends it after the block, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    out, log = folder / "out.json", folder / "err.log"
    with out.open("wb") as sink, log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "hirehub", *words, "--json"],
            env=environment(env),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=errors,
            start_new_session=True,
        )
    product = Product(env, process, log)
    try:
        product.document = _document(product, out, timeout)
        yield product
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _document(product: Product, out: Path, timeout: float) -> dict[str, Any]:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        with contextlib.suppress(ValueError):
            found: dict[str, Any] = json.loads(out.read_bytes())
            if "error" in found:
                break
            return found
        if product.process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"it did not start (exit {product.process.poll()}): {product.said()[-4000:]}")


def ready(env: Mapping[str, str], seconds: float = 60) -> Ran:
    """`hirehub ready` for that product."""
    return hirehub("ready", "--timeout", str(seconds), env=env, timeout=seconds + 30)
