"""What the roles of a service may do in its database, said by its owner. Only what lacks is written.

Compared is what was given to the roles themselves, as the catalogue has it: a right that reaches a role by way of
PUBLIC or of a membership may go without a word.
"""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from psycopg import Connection, sql
from psycopg.rows import TupleRow

from hirehub.kernel.db import access
from hirehub.kernel.db.access import Role, database_name, role_name

_CHANGING: Final = ("INSERT", "UPDATE", "DELETE")
_PUBLIC: Final = "PUBLIC"


class _Right(NamedTuple):
    """What a role may do with everything of a kind, and the statement that says so."""

    kind: str
    role: Role
    privileges: Collection[str]
    statement: str


_RIGHTS: Final = (
    _Right("database", Role.APP, ("CONNECT", "TEMPORARY"), "GRANT CONNECT, TEMPORARY ON DATABASE {db} TO {role}"),
    _Right("database", Role.READER, ("CONNECT",), "GRANT CONNECT ON DATABASE {db} TO {role}"),
    _Right("schema", Role.APP, ("USAGE",), "GRANT USAGE ON SCHEMA public TO {role}"),
    _Right("schema", Role.READER, ("USAGE",), "GRANT USAGE ON SCHEMA public TO {role}"),
    _Right(
        "later tables",
        Role.APP,
        ("SELECT", *_CHANGING),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    ),
    _Right(
        "later sequences",
        Role.APP,
        ("USAGE", "SELECT"),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ),
    _Right(
        "later tables",
        Role.READER,
        ("SELECT",),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {role}",
    ),
    _Right(
        "table",
        Role.APP,
        ("SELECT", *_CHANGING),
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    ),
    _Right(
        "sequence", Role.APP, ("USAGE", "SELECT"), "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    ),
    _Right("table", Role.READER, ("SELECT",), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"),
    _Right("revision", Role.APP, ("SELECT",), "GRANT SELECT ON alembic_version TO {role}"),
    _Right("revision", Role.READER, ("SELECT",), "GRANT SELECT ON alembic_version TO {role}"),
)

# Every object with what each role was given on it; a row without a role for one on which nobody was given anything.
_GIVEN: Final = """
WITH object AS (
    SELECT 'database' AS kind, oid, coalesce(datacl, acldefault('d', datdba)) AS acl
      FROM pg_database WHERE datname = current_database()
     UNION ALL
    SELECT 'schema', oid, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace WHERE nspname = 'public'
     UNION ALL
    SELECT later.kind, 0, d.defaclacl
      FROM (VALUES ('later tables', 'r'), ('later sequences', 'S')) AS later (kind, type)
      LEFT JOIN pg_default_acl d ON d.defaclobjtype = later.type::"char"
           AND d.defaclrole = current_user::regrole AND d.defaclnamespace = 'public'::regnamespace
     UNION ALL
    SELECT CASE WHEN relkind = 'S' THEN 'sequence' WHEN relname = 'alembic_version' THEN 'revision' ELSE 'table' END,
           oid, relacl
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
)
SELECT kind, object.oid::bigint, CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE rolname END, privilege_type
  FROM object LEFT JOIN LATERAL aclexplode(acl) AS given ON true LEFT JOIN pg_roles r ON r.oid = given.grantee
"""

_OPEN: Final = """
SELECT DISTINCT datname FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS given
 WHERE given.grantee = 0 AND datname = ANY(%s)
"""

_CLOSE_DATABASE: Final = "REVOKE ALL ON DATABASE {} FROM PUBLIC"
_CLOSE_SCHEMA: Final = "REVOKE ALL ON SCHEMA public FROM PUBLIC"

Given = Mapping[tuple[str, int], Collection[tuple[str, str]]]
"""By kind and object: role and privilege."""


def give(connection: Connection[TupleRow], service: str) -> None:
    """Gives what lacks; saying it again writes nothing. Whoever calls it holds the lock of the database."""
    given = _given(connection)
    words = {"db": sql.Identifier(database_name(service)), "app": sql.Identifier(role_name(service, Role.APP))}
    if _may(given, "database", _PUBLIC):
        close_to_public(connection, database_name(service))
    if _may(given, "schema", _PUBLIC):
        connection.execute(_CLOSE_SCHEMA)
    lacking = [right for right in _RIGHTS if _lacks(given, right, role_name(service, right.role))]
    for right in lacking:
        role = sql.Identifier(role_name(service, right.role))
        connection.execute(sql.SQL(right.statement).format(**words, role=role))
    there = any(kind == "revision" for kind, _ in given)
    too_much = any(_may(given, "revision", role_name(service, Role.APP), privilege) for privilege in _CHANGING)
    if there and (too_much or any(right.kind == "table" for right in lacking)):
        connection.execute(sql.SQL(access.KEEP_REVISION).format(**words))


def close_to_public(connection: Connection[TupleRow], *databases: str) -> None:
    """Lets nobody into the databases who was not let in by name."""
    for (name,) in connection.execute(_OPEN, (list(databases),)).fetchall():
        connection.execute(sql.SQL(_CLOSE_DATABASE).format(sql.Identifier(name)))


def _given(connection: Connection[TupleRow]) -> Given:
    found: dict[tuple[str, int], set[tuple[str, str]]] = {}
    for kind, oid, role, privilege in connection.execute(_GIVEN).fetchall():
        found.setdefault((kind, oid), set()).add((role, privilege))
    return found


def _may(given: Given, kind: str, role: str, privilege: str | None = None) -> bool:
    """Whether a role was given that, or anything at all, on something of a kind."""
    return any(
        one == role and privilege in (None, what)
        for (other, _), held in given.items()
        if other == kind
        for one, what in held
    )


def _lacks(given: Given, right: _Right, role: str) -> bool:
    """Whether the right was not given, in part or on one of the objects."""
    wanted = {(role, privilege) for privilege in right.privileges}
    return any(not wanted <= set(held) for (kind, _), held in given.items() if kind == right.kind)
