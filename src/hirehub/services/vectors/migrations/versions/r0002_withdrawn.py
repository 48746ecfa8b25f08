"""Rows that may not be here any more, and the bus's inbox."""

from alembic import op

from hirehub.kernel.bus import ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CREATE = """
CREATE TABLE withdrawn (
    domain text NOT NULL CHECK (domain IN ('recruit', 'candidate')),
    id uuid NOT NULL,
    upto timestamptz NOT NULL,
    PRIMARY KEY (domain, id)
);
"""


def upgrade() -> None:
    """Makes both."""
    op.execute(_CREATE)
    op.execute(ddl.CREATE_INBOX_1)


def downgrade() -> None:
    """Removes both."""
    op.execute("DROP TABLE withdrawn, inbox, subscription, parked_fact, dead_fact")
