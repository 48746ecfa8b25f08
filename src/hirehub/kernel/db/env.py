"""Alembic's environment, one for all services; run by Alembic, never imported.

`hirehub.kernel.db.migrate` hands over an open connection of the owner role. Alembic's own command line (`alembic
--name SERVICE ...`, for writing revisions) gets one the same way. Each revision is a transaction of its own.
"""

from contextlib import nullcontext

from alembic import context

from hirehub.kernel.db.migrate import is_ours, standalone

config = context.config

with nullcontext() if "connection" in config.attributes else standalone(config):
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=config.attributes["metadata"],
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
        include_object=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()
