"""A pull in a process of its own that tells how much memory it took: `python -m tests.support.watched_pull TARGET`.

It stops itself once nearly as many rows as WATCHED says are stored.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import get_settings
from hirehub.services.vectors.settings import VectorsSettings
from hirehub.services.vectors.usecases.pulling import Progress, Pull
from hirehub.services.vectors.usecases.runs import open_run


async def watch(target: str, enough: int) -> int:
    """Rows stored when it stopped."""
    kernel, settings = get_settings(), VectorsSettings()
    stored = 0
    async with (
        await open_database(kernel, "vectors") as database,
        open_run(database, settings, domain="recruit", kind="pull", source=target) as run,
    ):

        def note(progress: Progress) -> None:
            nonlocal stored
            stored = progress.counts.stored
            if stored >= enough:
                loading.cancel()

        pull = Pull(database, settings, kernel, run, target, progress=note)
        loading = asyncio.create_task(pull.receive(full=False, unordered=False))
        await asyncio.wait({loading})
    return stored


def peak_mebibytes() -> float:
    """The most memory that this process has had at once, as the kernel counts it."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    count = asyncio.run(watch(sys.argv[1], int(os.environ["WATCHED"]) - 400))
    sys.stdout.write(json.dumps({"stored": count, "peak_mebibytes": peak_mebibytes()}) + "\n")
