"""What the tables themselves are like: the vector columns' dimension, the indexes over them, how well those find.

Names of tables and columns come from the domains' own descriptions, never from a caller.
"""

from hirehub.kernel.db import ReadTransaction
from hirehub.services.vectors.domain.domains import Domain

_DIMENSION = """
SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'vector' AND NOT attisdropped
"""


async def column_dimension(tx: ReadTransaction, domain: Domain) -> int | None:
    """Floats that the domain's vector column takes; None where the table is not there."""
    value = await tx.fetch_value(_DIMENSION, (domain.embedding_table,))
    return None if value is None else int(value)
