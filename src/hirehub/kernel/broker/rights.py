"""Who may tell and hear which topics, as the services' descriptors say; brought up to date at each start."""

from collections.abc import Sequence

from psycopg import sql

from hirehub.kernel.broker.module import MODULE
from hirehub.kernel.db import access
from hirehub.kernel.db.access import Role, database_name, role_name
from hirehub.kernel.db.provision import connect
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings

_GRANTS = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT EXECUTE ON FUNCTION append_facts(uuid[], text[], text[], text[], timestamptz[], text[]) TO {role}",
    "GRANT EXECUTE ON FUNCTION read_facts(text, bigint, integer) TO {role}",
    "GRANT EXECUTE ON FUNCTION settle_facts(text[], bigint[], integer) TO {role}",
)
_FORGET = "DELETE FROM topic_right WHERE role = %s AND NOT topic = ANY(%s)"
_ALLOW = """
INSERT INTO topic_right (role, topic, may_tell, may_hear) VALUES (%s, %s, %s, %s)
ON CONFLICT (role, topic) DO UPDATE SET may_tell = EXCLUDED.may_tell, may_hear = EXCLUDED.may_hear
 WHERE (topic_right.may_tell, topic_right.may_hear) IS DISTINCT FROM (EXCLUDED.may_tell, EXCLUDED.may_hear)
"""


def follow(settings: Settings, modules: Sequence[Module]) -> None:
    """Gives each service its rights on the bus, as the owner of the bus's database; saying it again changes nothing."""
    with connect(access.dsn(settings, MODULE.name, Role.OWNER), settings) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (access.SETUP_LOCK,))
        for module in modules:
            topics = sorted({*module.tells, *module.hears})
            role = role_name(module.name, Role.APP)
            connection.execute(_FORGET, (role, topics))
            if not topics:
                continue
            words = {"database": sql.Identifier(database_name(MODULE.name)), "role": sql.Identifier(role)}
            for statement in _GRANTS:
                connection.execute(sql.SQL(statement).format(**words))
            for topic in topics:
                connection.execute(_ALLOW, (role, topic, topic in module.tells, topic in module.hears))
