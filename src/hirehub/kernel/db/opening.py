"""Opening a service's database by the service's name, as the role that needs least."""

from hirehub.kernel.db import access
from hirehub.kernel.db.access import Role
from hirehub.kernel.db.database import Database
from hirehub.kernel.settings import Settings


async def open_database(
    settings: Settings, service: str, *, role: Role | str = Role.APP, reader: bool = True
) -> Database:
    """The service's database. With `reader`, reads go through the reader role, on the server for reads if one is set.

    The embedded server must be running: hold `hirehub.kernel.postgres.cluster` while the database is open.
    """
    return await Database.open(
        access.dsn(settings, service, role),
        reader_dsn=access.dsn(settings, service, Role.READER, replica=True) if reader else None,
        settings=settings.database,
        name=f"{access.PRODUCT} {service}",
    )
