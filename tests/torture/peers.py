"""The two processes that a torture kills: `python -m tests.torture.peers sender|receiver JSON`.

The sender serves seeded rows, some of them bad and some of one id; the receiver pulls them as the product does, with
small groups, so that there are many moments to die at.
"""

import asyncio
import json
import random
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from hirehub.contracts.vectors import EMBEDDING_STREAM_SERVICE
from hirehub.kernel.db import open_database
from hirehub.kernel.grpc import GrpcServer, raw_service, server_stream
from hirehub.kernel.settings import GrpcSettings, Settings
from hirehub.services.vectors.settings import IngestSettings, RecallSettings, VectorsSettings
from hirehub.services.vectors.usecases import ingest
from hirehub.services.vectors.usecases.notify import CacheInvalidator
from tests.support.streams import Row, Sender, recruit, source, vector

ROWS = 900
CHUNK = 30


@lru_cache
def rows(seed: int) -> list[Row]:
    """The rows of a source, sorted by id: sound ones, bad ones, and pairs of one id of which the second is newer."""
    rng = random.Random(seed)
    made: list[Row] = []
    number = 0
    while len(made) < ROWS:
        number += 1
        kind = rng.random()
        made.append(recruit(number, vector=vector(number, 383)) if kind < 0.03 else recruit(number))
        if kind > 0.95:
            made.append(recruit(number, company_name="Newer", updated_at_micros=1_800_000_000_000_000))
    return made


def say(line: str) -> None:
    """A line to whoever started this process."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def send(options: dict[str, Any]) -> None:
    """Serves until its input ends; prints its address."""
    script = source(rows(options["seed"]), size=CHUNK, pause=options.get("pause", 0.0))
    sender = Sender([script])
    service = raw_service(0, EMBEDDING_STREAM_SERVICE, {"GetEmbeddings": server_stream(sender.get_embeddings)})
    async with GrpcServer(GrpcSettings(), port=options.get("port", 0), services=[service]) as server:
        say(server.target)
        await asyncio.to_thread(sys.stdin.read)


async def receive(options: dict[str, Any]) -> None:
    """Pulls once; says that it begins, and prints what came of it."""
    kernel = Settings(data_dir=Path(options["data_dir"]))
    settings = VectorsSettings(
        ingest=IngestSettings(rows_per_write=50, backoff=0.05, backoff_limit=0.4, attempts=25, lease=1.0),
        recall=RecallSettings(sample=0),
    )
    async with await open_database(kernel, "vectors") as database:
        say("begins")
        report = await ingest.pull(
            database,
            settings=settings,
            kernel_settings=kernel,
            domain="recruit",
            target=options["target"],
            wait=True,
            invalidator=CacheInvalidator(database, kernel.grpc, []),
        )
    say(json.dumps({"received": report.counts.received, "breaks": report.breaks}))


if __name__ == "__main__":
    asyncio.run({"sender": send, "receiver": receive}[sys.argv[1]](json.loads(sys.argv[2])))
