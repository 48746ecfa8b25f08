"""Who may tell and hear which topics, as the services' descriptors say; brought up to date at each start.

A start that finds everything as it should be writes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from hirehub.kernel.broker.module import MODULE
from hirehub.kernel.db import access
from hirehub.kernel.db.access import Role, role_name
from hirehub.kernel.db.provision import connect
from hirehub.kernel.module import Module
from hirehub.kernel.settings import Settings

Rights = Mapping[tuple[str, str], tuple[bool, bool]]
"""Whether a role may tell and hear a topic, by role and topic."""

_FUNCTIONS: Final = (
    "append_facts(uuid[], text[], text[], text[], timestamptz[], text[])",
    "read_facts(text, bigint, integer)",
    "settle_facts(text[], bigint[], integer)",
)
_MISSING: Final = """
SELECT role, 'CONNECT ON DATABASE ' || quote_ident(current_database()) FROM unnest(%(roles)s::text[]) AS role
 WHERE NOT has_database_privilege(role, current_database(), 'CONNECT')
 UNION ALL
SELECT role, 'USAGE ON SCHEMA public' FROM unnest(%(roles)s::text[]) AS role
 WHERE NOT has_schema_privilege(role, 'public', 'USAGE')
 UNION ALL
SELECT role, 'EXECUTE ON FUNCTION ' || called
  FROM unnest(%(roles)s::text[]) AS role, unnest(%(functions)s::text[]) AS called
 WHERE NOT has_function_privilege(role, called, 'EXECUTE')
"""
_KNOWN: Final = "SELECT role, topic, may_tell, may_hear FROM topic_right WHERE role = ANY(%s)"
_FORGET: Final = "DELETE FROM topic_right WHERE role = %s AND topic = %s"
_ALLOW: Final = """
INSERT INTO topic_right (role, topic, may_tell, may_hear) VALUES (%s, %s, %s, %s)
ON CONFLICT (role, topic) DO UPDATE SET may_tell = EXCLUDED.may_tell, may_hear = EXCLUDED.may_hear
"""


def follow(settings: Settings, modules: Sequence[Module]) -> None:
    """Gives each service its rights on the bus, as the owner of the bus's database; saying it again changes nothing.

    Of several that start at once each looks when those before it are done.
    """
    roles = [role_name(module.name, Role.APP) for module in modules]
    with connect(access.dsn(settings, MODULE.name, Role.OWNER), settings) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (access.SETUP_LOCK,))
        _grant(connection, [role for role, module in zip(roles, modules, strict=True) if _topics(module)])
        found = connection.execute(_KNOWN, (roles,)).fetchall()
        _allow(connection, {(row[0], row[1]): (row[2], row[3]) for row in found}, _wanted(modules))


def _topics(module: Module) -> set[str]:
    return {*module.tells, *module.hears}


def _wanted(modules: Sequence[Module]) -> Rights:
    """What the descriptors say."""
    return {
        (role_name(module.name, Role.APP), topic): (topic in module.tells, topic in module.hears)
        for module in modules
        for topic in _topics(module)
    }


def _grant(connection: psycopg.Connection[Any], roles: Sequence[str]) -> None:
    """Lets the roles in and call the functions, where they may not yet."""
    missing = connection.execute(_MISSING, {"roles": roles, "functions": list(_FUNCTIONS)}).fetchall()
    for role, right in missing:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(right), sql.Identifier(role)))


def _allow(connection: psycopg.Connection[Any], known: Rights, wanted: Rights) -> None:
    """Writes the differences."""
    for role, topic in known.keys() - wanted.keys():
        connection.execute(_FORGET, (role, topic))
    for (role, topic), rights in sorted(wanted.items()):
        if known.get((role, topic)) != rights:
            connection.execute(_ALLOW, (role, topic, *rights))
