"""The log of facts, the rights on topics, and the functions through which services tell and hear."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE fact (
    position bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    source text NOT NULL,
    time timestamptz NOT NULL,
    body json NOT NULL,
    PRIMARY KEY (topic, position)
);
CREATE UNIQUE INDEX idx_fact_id ON fact (id);
CREATE TABLE topic_right (
    role text NOT NULL,
    topic text NOT NULL,
    may_tell boolean NOT NULL DEFAULT false,
    may_hear boolean NOT NULL DEFAULT false,
    PRIMARY KEY (role, topic)
);
CREATE INDEX idx_fact_time ON fact (time);
CREATE TABLE subscriber (
    role text NOT NULL,
    topic text NOT NULL,
    position bigint NOT NULL,
    told_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (role, topic)
);
"""

# The lock is held until the commit, so that positions become visible in their order.
_FUNCTIONS = """
CREATE FUNCTION append_facts(ids uuid[], topics text[], keys text[], sources text[], times timestamptz[], bodies text[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    refused text;
BEGIN
    SELECT min(told.topic) INTO refused FROM unnest(topics) AS told (topic)
     WHERE NOT EXISTS (SELECT 1 FROM topic_right AS r
                        WHERE r.role = session_user AND r.topic = told.topic AND r.may_tell);
    IF refused IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = format('%I may not tell %s', session_user, refused);
    END IF;
    PERFORM pg_advisory_xact_lock(x'66616374'::bigint);
    INSERT INTO fact (id, topic, key, source, time, body)
    SELECT t.id, t.topic, t.key, t.source, t.time, t.body::json
      FROM unnest(ids, topics, keys, sources, times, bodies)
           WITH ORDINALITY AS t (id, topic, key, source, time, body, place)
     ORDER BY t.place
        ON CONFLICT (id) DO NOTHING;
    PERFORM pg_notify('facts', string_agg(DISTINCT told.topic, ',')) FROM unnest(topics) AS told (topic);
END
$$;

CREATE FUNCTION read_facts(wanted text, after bigint, most integer)
RETURNS TABLE (place bigint, id uuid, topic text, key text, source text, "time" timestamptz, body text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM topic_right AS r
                    WHERE r.role = session_user AND r.topic = wanted AND r.may_hear) THEN
        RAISE insufficient_privilege USING MESSAGE = format('%I may not hear %s', session_user, wanted);
    END IF;
    RETURN QUERY SELECT f.position, f.id, f.topic, f.key, f.source, f.time, f.body::text FROM fact AS f
                  WHERE f.topic = wanted AND f.position > after ORDER BY f.position LIMIT most;
END
$$;
"""

# A fact may go once it is old and every role that may hear it has told that it is beyond it.
_UPKEEP = """
CREATE FUNCTION settle_facts(topics text[], places bigint[], keep_days integer)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO subscriber (role, topic, position)
    SELECT session_user, told.topic, told.place FROM unnest(topics, places) AS told (topic, place)
     WHERE EXISTS (SELECT 1 FROM topic_right AS r
                    WHERE r.role = session_user AND r.topic = told.topic AND r.may_hear)
        ON CONFLICT (role, topic) DO UPDATE SET position = EXCLUDED.position, told_at = now();
    WITH passed AS (
        SELECT f.topic, coalesce((
            SELECT min(coalesce(s.position, 0)) FROM topic_right AS r
              LEFT JOIN subscriber AS s ON s.role = r.role AND s.topic = r.topic
             WHERE r.topic = f.topic AND r.may_hear), 9223372036854775807) AS place
          FROM (SELECT DISTINCT r.topic FROM topic_right AS r) AS f
    ), old AS (
        SELECT f.id FROM fact AS f JOIN passed USING (topic)
         WHERE f.time < now() - greatest(keep_days, 1) * interval '1 day' AND f.position <= passed.place
         ORDER BY f.time LIMIT 10000
    )
    DELETE FROM fact WHERE id IN (SELECT old.id FROM old);
END
$$;
"""

_CLOSED = """
REVOKE ALL ON FUNCTION append_facts(uuid[], text[], text[], text[], timestamptz[], text[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION read_facts(text, bigint, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION settle_facts(text[], bigint[], integer) FROM PUBLIC;
"""


def upgrade() -> None:
    """Makes everything."""
    for statements in (_TABLES, _FUNCTIONS, _UPKEEP, _CLOSED):
        op.execute(statements)


def downgrade() -> None:
    """Removes everything."""
    op.execute("DROP FUNCTION settle_facts(text[], bigint[], integer)")
    op.execute("DROP FUNCTION read_facts(text, bigint, integer)")
    op.execute("DROP FUNCTION append_facts(uuid[], text[], text[], text[], timestamptz[], text[])")
    op.execute("DROP TABLE subscriber, topic_right, fact")
