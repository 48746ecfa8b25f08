"""How long to wait before trying again: twice as long each time, up to a limit, with jitter so that many who failed
together do not come back together.
"""

import random

from hirehub.services.vectors.settings import IngestSettings


def delay(settings: IngestSettings, failures: int) -> float:
    """Seconds before the next try after `failures` in a row (1 or more): between half and all of the bound."""
    most = min(settings.backoff_limit, settings.backoff * 2.0 ** min(failures - 1, 32))
    return most * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
