"""`Idempotency-Key`: a POST that is sent again gets the first one's answer, and creates nothing again.

Key and answer are written in the transaction that creates. So a twin that comes at the same time waits for the first at
the key's row, and a first that fails leaves nothing: its key may be used again. The table is `kernel.db.idempotency`'s.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Request, Response
from pydantic import BaseModel

from hirehub.kernel.background import every
from hirehub.kernel.db import Database, Transaction
from hirehub.kernel.errors import Invalid

_HOUR: Final = 3_600.0

_CLAIM = """
INSERT INTO idempotency_key (caller, route, key, fingerprint) VALUES (%(caller)s, %(route)s, %(key)s, %(fingerprint)s)
ON CONFLICT DO NOTHING
"""

_FIND = """
SELECT fingerprint, status, headers, body FROM idempotency_key
 WHERE caller = %(caller)s AND route = %(route)s AND key = %(key)s
"""

_KEEP = """
UPDATE idempotency_key SET status = %(status)s, headers = %(headers)s::jsonb, body = %(body)s
 WHERE caller = %(caller)s AND route = %(route)s AND key = %(key)s
"""

_FORGET_CALLER = "DELETE FROM idempotency_key WHERE caller = %s"

_FORGET_CREATED = "DELETE FROM idempotency_key WHERE caller = %s AND right(headers ->> 'location', 36) = ANY(%s)"

_FORGET_ABOUT = """
DELETE FROM idempotency_key
 WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) AS about (id) WHERE position(about.id IN route) > 0)
"""

_FORGET = "DELETE FROM idempotency_key WHERE created_at < now() - interval '24 hours'"

Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=1, max_length=255, description="Of this one request; kept for a day."),
]


class IdempotencyKeyReused(Invalid):
    """A key that was sent before, with another body."""

    code = "idempotency_key_reused"


@dataclass(frozen=True)
class Created:
    """What a POST has created, as its answer."""

    content: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 201


async def once(
    db: Database,
    request: Request,
    *,
    caller: str,
    key: str | None,
    work: Callable[[Transaction], Awaitable[Created]],
    fingerprint: bytes | None = None,
) -> Response:
    """Does the work in a transaction and answers with what it created; for a known key answers as before.

    `fingerprint` stands for a body that is not JSON, and is gone once it was read.

    IdempotencyKeyReused for a known key with another body.
    """
    async with db.transaction() as tx:
        if key is None:
            return _answer(*_parts(await work(tx)))
        fingerprint = fingerprint or hashlib.sha256(await request.body()).digest()
        values = _values(request, caller, key, fingerprint)
        if not await tx.execute(_CLAIM, values):
            return await _again(tx, values)
        status, headers, body = _parts(await work(tx))
        await tx.execute(_KEEP, values | {"status": status, "headers": json.dumps(headers), "body": body})
    return _answer(status, headers, body)


async def answered(db: Database, request: Request, *, caller: str, key: str | None) -> Response | None:
    """The first one's answer to a known key; for work that asks other services before its transaction.

    IdempotencyKeyReused as above.
    """
    if key is None:
        return None
    values = _values(request, caller, key, hashlib.sha256(await request.body()).digest())
    async with db.transaction() as tx:
        return None if await tx.fetch_one(_FIND, values) is None else await _again(tx, values)


async def forget_old(tx: Transaction) -> int:
    """Forgets the keys of more than a day ago; how many they were."""
    return await tx.execute(_FORGET)


async def forget_keys(db: Database, name: str) -> None:
    """Forgets keys of more than a day ago, for ever."""

    async def all_old() -> None:
        async with db.transaction() as tx:
            await forget_old(tx)

    await every(_HOUR, all_old, name=name)


async def forget_caller(tx: Transaction, caller: str) -> None:
    """Forgets the keys of a caller who is no more, and the answers that he got."""
    await tx.execute(_FORGET_CALLER, (caller,))


async def forget_created(tx: Transaction, caller: str, ids: Collection[UUID]) -> None:
    """Forgets the answers that told a caller of having created one of these, by where it is; their keys may be used."""
    await tx.execute(_FORGET_CREATED, (caller, [str(one) for one in ids]))


async def forget_about(tx: Transaction, ids: Collection[UUID]) -> None:
    """Forgets the answers of routes in whose path one of the ids stands, whoever got them."""
    if ids:
        await tx.execute(_FORGET_ABOUT, ([str(one) for one in ids],))


def _values(request: Request, caller: str, key: str, fingerprint: bytes) -> dict[str, object]:
    route = f"{request.method} {request.url.path}"
    return {"caller": caller, "route": route, "key": key, "fingerprint": fingerprint}


async def _again(tx: Transaction, values: Mapping[str, object]) -> Response:
    row = await tx.fetch_one(_FIND, values)
    if row is None or bytes(row[0]) != values["fingerprint"]:
        raise IdempotencyKeyReused("This Idempotency-Key was used for another body.", hint="Use a new key.")
    return _answer(row[1], {**row[2], "idempotency-replayed": "true"}, row[3])


def _parts(created: Created) -> tuple[int, dict[str, str], str]:
    return created.status, dict(created.headers), created.content.model_dump_json()


def _answer(status: int, headers: Mapping[str, str], body: str) -> Response:
    return Response(body, status, {"cache-control": "no-store", **headers}, "application/json")
