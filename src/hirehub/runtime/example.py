"""A search that a newcomer can paste into a shell: over rows that are there now, so that it really finds something."""

import json
import shlex

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.vectors.domain.domains import RECRUIT
from hirehub.services.vectors.domain.queries import Filter
from hirehub.services.vectors.store import lookup

_SIMILAR = '{ similarRecruits(id: "%s", limit: 5) { similarity companyName primaryKeyword } }'
_EMPTY = "{ domainStats { domain metadataCount } }"


async def example(settings: Settings, url: str) -> str:
    """A command for a shell: the posts most like one that is stored, or the statistics of a store that is empty."""
    async with await open_database(settings, "vectors") as db, db.read() as tx:
        found = await lookup.page(tx, RECRUIT, Filter(), after=None, limit=1)
    query = _SIMILAR % found[0].id if found else _EMPTY
    body = json.dumps({"query": query})
    return f"curl -s {shlex.quote(url)} -H 'Content-Type: application/json' -d {shlex.quote(body)}"
