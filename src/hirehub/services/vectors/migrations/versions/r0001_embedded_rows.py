"""Embedded rows of both domains, dead letters, checkpoints, and the runs that load them.

The dimension of the vectors, the index over them and the English levels come from settings as they are when this runs;
afterwards `hirehub vectors dimension migrate`, `hirehub vectors index` and `migrations.follow` keep them in step.
"""

from alembic import op

from hirehub.kernel.db.migrate import service_settings
from hirehub.services.vectors.migrations.r0001_parts import functions, rows, work

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_DOMAINS = ("recruit", "candidate")


def upgrade() -> None:
    """Makes everything."""
    settings = service_settings(op)
    for statement in (rows.METADATA, rows.levels(settings.english_levels)):
        op.execute(statement)
    for domain in _DOMAINS:
        own = settings.of(domain)
        op.execute(rows.embedding(domain, own.dimension))
        op.execute(rows.ann_index(domain, own.index))
    op.execute(work.LETTERS_AND_CHECKPOINTS)
    op.execute(work.RUNS)
    op.execute(work.STATES)
    op.execute(functions.FUNCTIONS)
    for table in functions.KEPT_TABLES:
        op.execute(functions.triggers(table))


def downgrade() -> None:
    """Removes everything but the extension, which may not be ours."""
    op.execute(functions.DROP_FUNCTIONS)
    op.execute(work.DROP)
    op.execute(rows.DROP)
    op.execute(functions.DROP_TRIGGER_FUNCTIONS)
