"""Who keeps something of an id and who buries it take turns: what was kept is seen, and nothing follows."""

import asyncio
from uuid import uuid4

from hirehub.kernel.db import Database, tombstones


async def test_an_id_is_buried_once_nobody_keeps_anything_of_it(fresh_database: str) -> None:
    gone, other = uuid4(), uuid4()
    async with await Database.open(fresh_database) as db:
        async with db.transaction() as tx:
            await tx.execute(tombstones.CREATE_1)

        async def bury() -> None:
            async with db.transaction() as tx:
                await tombstones.bury(tx, [gone])

        async with db.transaction() as keeper, db.transaction() as second:
            assert await tombstones.buried(keeper, [gone, other]) == set()
            assert await tombstones.buried(second, [gone]) == set()
            burying = asyncio.ensure_future(bury())
            await asyncio.sleep(0.3)
            assert not burying.done()
        await burying
        await bury()
        async with db.transaction() as late:
            assert await tombstones.buried(late, [gone, other]) == {gone}
