"""Every post and resume has facts of its own: those of two that say the same do not go with the first one."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OWN = """
ALTER TABLE scored_facts DROP CONSTRAINT scored_facts_pkey;
ALTER TABLE scored_facts ADD PRIMARY KEY (hash, source_id);
INSERT INTO scored_facts (hash, source_type, source_id, facts)
SELECT p.facts_hash, 'resume', p.resume_id, f.facts
  FROM resume_profile AS p JOIN scored_facts AS f ON f.hash = p.facts_hash
 UNION
SELECT p.facts_hash, 'job', p.job_id, f.facts
  FROM job_profile AS p JOIN scored_facts AS f ON f.hash = p.facts_hash
    ON CONFLICT DO NOTHING;
INSERT INTO match_work (source_type, source_id, priority)
SELECT 'resume', resume_id, 2 FROM resume_profile AS p
 WHERE NOT EXISTS (SELECT 1 FROM scored_facts AS f WHERE f.hash = p.facts_hash)
 UNION ALL
SELECT 'job', job_id, 2 FROM job_profile AS p
 WHERE NOT EXISTS (SELECT 1 FROM scored_facts AS f WHERE f.hash = p.facts_hash);
"""
_SHARED = """
DELETE FROM scored_facts AS f USING scored_facts AS other WHERE other.hash = f.hash AND other.source_id < f.source_id;
ALTER TABLE scored_facts DROP CONSTRAINT scored_facts_pkey;
ALTER TABLE scored_facts ADD PRIMARY KEY (hash);
"""


def upgrade() -> None:
    """Gives each its own; those whose facts are gone already wait to be read again."""
    op.execute(_OWN)


def downgrade() -> None:
    """Keeps one of each."""
    op.execute(_SHARED)
