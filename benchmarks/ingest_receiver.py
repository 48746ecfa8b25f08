"""The receiver as the product runs it, in a process of its own, so that its memory can be told from others'.

`python -m benchmarks.ingest_receiver TARGET [full]` pulls, and prints one JSON document. It is a whole run, with lease,
checkpoint and dead letter queue, but for what follows the rows: no index is built.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import get_settings, load
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases.pulling import Progress, Pull
from hirehub.services.vectors.usecases.runs import open_run


def peak_mebibytes() -> float:
    """The most memory that this process has had at once, as the kernel counts it."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


async def receive(target: str, *, full: bool) -> dict[str, Any]:
    """One pull; `marks` are (seconds, rows) after each commit."""
    kernel, settings = get_settings(), load(VectorsSettings)
    marks: list[tuple[float, int]] = []
    async with (
        await open_database(kernel, "vectors") as database,
        open_run(database, settings, domain="recruit", kind="pull", source=target) as run,
    ):
        began, used = time.perf_counter(), time.process_time()

        def note(progress: Progress) -> None:
            marks.append((round(time.perf_counter() - began, 4), progress.counts.received))

        received = await Pull(database, settings, kernel, run, target, progress=note).receive(
            full=full, unordered=False
        )
        seconds, used = time.perf_counter() - began, time.process_time() - used
    return {
        "rows": received.counts.received,
        "stored": received.counts.stored,
        "skipped": received.counts.skipped,
        "dead": received.counts.dead,
        "seconds": seconds,
        "processor_seconds": used,
        "peak_mebibytes": peak_mebibytes(),
        "marks": marks,
    }


def run() -> None:
    """The command."""
    print(json.dumps(asyncio.run(receive(sys.argv[1], full="full" in sys.argv[2:]))))


if __name__ == "__main__":
    run()
