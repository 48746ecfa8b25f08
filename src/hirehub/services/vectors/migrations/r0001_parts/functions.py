"""Functions, views and triggers.

`updated_at` is set to the database's time where an UPDATE does not set the column itself. PL/pgSQL does not tell which
columns an UPDATE names, and one that sets the column to the value it has already looks like one that leaves it alone;
so a trigger that fires for named columns only, and before the other (they fire by name), leaves a mark.
The conditions of both triggers are tested without a call: a change of the column costs no function call at all.
"""

FUNCTIONS = """
CREATE FUNCTION mark_stated_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := 'infinity';
    RETURN NEW;
END $$;

CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := CASE WHEN NEW.updated_at = 'infinity' THEN OLD.updated_at ELSE now() END;
    RETURN NEW;
END $$;

CREATE FUNCTION cosine_similarity(a vector, b vector) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN 1 - (a <=> b);

CREATE FUNCTION get_domain_stats(p_domain text)
    RETURNS TABLE (
        metadata_count bigint,
        embedding_count bigint,
        dlq_count bigint,
        last_processed_uuid uuid,
        last_checkpoint_time timestamptz
    )
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        CASE d.name
            WHEN 'recruit' THEN (SELECT count(*) FROM recruit_metadata)
            ELSE (SELECT count(*) FROM candidate_metadata)
        END,
        CASE d.name
            WHEN 'recruit' THEN (SELECT count(*) FROM recruit_embedding)
            ELSE (SELECT count(*) FROM candidate_embedding)
        END,
        (SELECT count(*) FROM dlq WHERE dlq.domain = d.name),
        c.last_processed_uuid,
        c.updated_at
    FROM (VALUES ('recruit'), ('candidate')) d (name)
    LEFT JOIN checkpoint c ON c.domain = d.name
    WHERE d.name = p_domain;
END;

CREATE VIEW v_all_domain_stats AS
    SELECT d.name AS domain, s.*
    FROM (VALUES ('recruit'), ('candidate')) d (name)
    CROSS JOIN LATERAL get_domain_stats(d.name) s;
"""

KEPT_TABLES = ("recruit_metadata", "recruit_embedding", "candidate_metadata", "candidate_embedding", "checkpoint")


def triggers(table: str) -> str:
    """Both triggers of a table; the first's name sorts before the second's."""
    return f"""
CREATE TRIGGER stated_{table}_updated_at BEFORE UPDATE OF updated_at ON {table}
    FOR EACH ROW WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION mark_stated_updated_at();
CREATE TRIGGER trigger_{table}_updated_at BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (NEW.updated_at = OLD.updated_at OR NEW.updated_at = 'infinity')
    EXECUTE FUNCTION update_updated_at_column();
"""


DROP_FUNCTIONS = """
DROP VIEW v_all_domain_stats;
DROP FUNCTION get_domain_stats(text);
DROP FUNCTION cosine_similarity(vector, vector);
"""

DROP_TRIGGER_FUNCTIONS = """
DROP FUNCTION update_updated_at_column();
DROP FUNCTION mark_stated_updated_at();
"""
