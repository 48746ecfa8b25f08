"""The dead letter queue: one letter for one bad row, however often that row comes.

(domain, fingerprint) is unique. A letter that was corrected keeps its correction until it is replayed. Letters are
written in the order of their fingerprints, so that two groups with the same bad rows never wait for each other in a
circle.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hirehub.kernel.db import Transaction
from hirehub.services.vectors.domain.deadletters import DeadLetter
from hirehub.services.vectors.store.letters import CORRECTED

_PUT = """
INSERT INTO dlq (domain, entity_id, error_message, payload, cause, run_id, fingerprint, dimension, seen, arrived_at)
SELECT domain, entity_id, error_message, payload::jsonb, cause, %(run_id)s, fingerprint, dimension, seen,
       timestamptz 'epoch' + arrived * interval '1 microsecond'
  FROM unnest(%(domain)s::text[], %(entity_id)s::uuid[], %(message)s::text[], %(payload)s::text[], %(cause)s::text[],
              %(fingerprint)s::bytea[], %(dimension)s::int[], %(seen)s::int[], %(arrived)s::bigint[])
       AS letter(domain, entity_id, error_message, payload, cause, fingerprint, dimension, seen, arrived)
    ON CONFLICT (domain, fingerprint) DO UPDATE
   SET seen = dlq.seen + excluded.seen, run_id = excluded.run_id,
       arrived_at = greatest(dlq.arrived_at, excluded.arrived_at),
       cause = CASE WHEN dlq.payload ? %(corrected)s THEN dlq.cause ELSE excluded.cause END,
       payload = CASE WHEN dlq.payload ? %(corrected)s THEN dlq.payload ELSE excluded.payload END,
       error_message = CASE WHEN dlq.payload ? %(corrected)s THEN dlq.error_message ELSE excluded.error_message END,
       dimension = CASE WHEN dlq.payload ? %(corrected)s THEN dlq.dimension ELSE excluded.dimension END
"""


async def put_dead_letters(tx: Transaction, run_id: UUID | None, letters: Sequence[DeadLetter]) -> None:
    """Keeps the letters; one that is there already counts one more sight and, uncorrected, tells the latest cause."""
    if not letters:
        return
    seen = Counter((letter.domain, letter.fingerprint) for letter in letters)
    latest = {(letter.domain, letter.fingerprint): letter for letter in letters}
    rows = [latest[key] for key in sorted(latest)]
    await tx.execute(
        _PUT,
        {
            "run_id": run_id,
            "corrected": CORRECTED,
            "domain": [row.domain for row in rows],
            "entity_id": [row.entity_id for row in rows],
            "message": [_clean(row.message) for row in rows],
            "payload": [json.dumps(_clean(dict(row.payload))) for row in rows],
            "cause": [str(row.cause) for row in rows],
            "fingerprint": [row.fingerprint for row in rows],
            "dimension": [row.dimension for row in rows],
            "seen": [seen[row.domain, row.fingerprint] for row in rows],
            "arrived": [row.arrived_micros for row in rows],
        },
    )


def _clean(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The same value with what PostgreSQL's text and jsonb refuse (NUL, lone surrogates) shown as a replacement."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
