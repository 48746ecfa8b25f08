"""PostgreSQL for services: pools, transactions by use case, least-privilege roles, migrations.

A service sees `Database` and two kinds of transaction; a read session has no way to write in its type, and connects as
a role that may only read.
"""

from hirehub.kernel.db.database import Database
from hirehub.kernel.db.errors import DatabaseBusy, DatabaseUnavailable
from hirehub.kernel.db.opening import open_database
from hirehub.kernel.db.transactions import ReadTransaction, Transaction

__all__ = ["Database", "DatabaseBusy", "DatabaseUnavailable", "ReadTransaction", "Transaction", "open_database"]
