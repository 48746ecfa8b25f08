"""People whose accounts have ended, the bus's inbox, and the one change that a history bears: words that were said of
such a person go.

The trigger lets one UPDATE through: of the payload alone, to what `without_words` makes of it, by the tables' owner,
for an application of somebody who has a tombstone. The service's role gets there by `forget_words` only. States,
actors, times and the order of a history stay out of reach for everybody, as before.
"""

from typing import Final

from alembic import op

from hirehub.kernel.bus import ddl
from hirehub.kernel.db import tombstones
from hirehub.kernel.db.access import Role, role_name

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEX: Final = "CREATE INDEX idx_applications_resume_id ON applications (resume_id)"

_WITHOUT_WORDS: Final = """
CREATE FUNCTION without_words(payload jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_object_agg(key, value) FROM (
        SELECT key, value FROM jsonb_each(payload)
         WHERE key IN ('interview_id', 'interview_type', 'scheduled_at', 'time_zone', 'interviewer_id',
                       'cancelled_interviews')
        UNION ALL
        SELECT 'erased', 'true'::jsonb
         WHERE EXISTS (SELECT 1 FROM jsonb_object_keys(payload) AS said
                        WHERE said NOT IN ('interview_id', 'interview_type', 'scheduled_at', 'time_zone',
                                           'interviewer_id', 'cancelled_interviews'))
    ) AS kept
$$;
"""

_REFUSE: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        IF NEW.payload IS NOT DISTINCT FROM without_words(OLD.payload)
           AND to_jsonb(NEW) - 'payload' = to_jsonb(OLD) - 'payload'
           AND EXISTS (SELECT 1 FROM applications AS a JOIN tombstone AS t ON t.id = a.user_id
                        WHERE a.id = OLD.application_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' is history: it is neither changed nor removed';
END $$;
"""

_REFUSE_1: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = TG_TABLE_NAME || ' is history: it is neither changed nor removed';
END $$;
"""

_FORGET_WORDS: Final = """
CREATE FUNCTION forget_words(person uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM tombstone WHERE id = person) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only words about somebody who is gone are erased';
    END IF;
    UPDATE application_events AS e SET payload = without_words(e.payload) FROM applications AS a
     WHERE a.id = e.application_id AND a.user_id = person
       AND e.payload IS DISTINCT FROM without_words(e.payload);
    GET DIAGNOSTICS touched = ROW_COUNT;
    RETURN touched;
END $$;
"""

_RIGHTS: Final = (
    "REVOKE ALL ON FUNCTION forget_words(uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION forget_words(uuid) TO {role_name('apply', Role.APP)}",
)


def upgrade() -> None:
    """Makes everything."""
    made = (ddl.CREATE_INBOX_1, tombstones.CREATE_1, _INDEX, _WITHOUT_WORDS, _REFUSE, _FORGET_WORDS)
    for statement in (*made, *_RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    """Removes everything; what was erased stays erased."""
    op.execute(_REFUSE_1)
    op.execute("DROP FUNCTION forget_words(uuid)")
    op.execute("DROP FUNCTION without_words(jsonb)")
    op.execute("DROP INDEX idx_applications_resume_id")
    op.execute("DROP TABLE tombstone, inbox, subscription, parked_fact, dead_fact")
