"""What follows the settings: brought to them after every upgrade where that is cheap, told where it is not.

The check on English levels is replaced without reading the table; rows of an earlier list stay. The dimension and the
index take work over all rows, so they have commands of their own.
"""

import re

from sqlalchemy import Connection, text

from hirehub.services.vectors.domain.domains import DOMAINS
from hirehub.services.vectors.settings import VectorsSettings

_CHECK = "recruit_metadata_english_level_check"


def follow(connection: Connection, settings: VectorsSettings) -> list[str]:
    """Replaces the check on English levels where the settings name others."""
    if _levels(connection) == set(settings.english_levels):
        return []
    words = ", ".join(_quoted(level) for level in settings.english_levels)
    test = f"english_level IN ({words})" if words else "english_level IS NULL"
    connection.exec_driver_sql(f"ALTER TABLE recruit_metadata DROP CONSTRAINT IF EXISTS {_CHECK}")
    connection.exec_driver_sql(
        f"ALTER TABLE recruit_metadata ADD CONSTRAINT {_CHECK} CHECK ({test}) NOT VALID".replace("%", "%%")
    )
    return ["english levels"]


def differences(connection: Connection, settings: VectorsSettings) -> list[str]:
    """Where the database is not as the settings say, each with the command that mends it."""
    told = []
    for name, domain in DOMAINS.items():
        dimension, wanted = _dimension(connection, domain.embedding_table), settings.of(name).dimension
        if dimension != wanted:
            told.append(
                f"vectors of {name} have {dimension} floats, the setting says {wanted}:"
                f" `hirehub vectors dimension migrate {name} {wanted}`"
            )
        if not _has_index(connection, domain.index):
            told.append(f"{name} has no index over its vectors: `hirehub vectors index build {name}`")
    if _levels(connection) != set(settings.english_levels):
        told.append("english levels differ from the setting: `hirehub db upgrade vectors`")
    return told


def _levels(connection: Connection) -> set[str]:
    """The levels that the check lets through."""
    statement = text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    definition = str(connection.execute(statement, {"name": _CHECK}).scalar() or "")
    return {level.replace("''", "'") for level in re.findall(r"'((?:[^']|'')*)'", definition)}


def _dimension(connection: Connection, table: str) -> int | None:
    statement = text("SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attname = 'vector'")
    value = connection.execute(statement, {"name": table}).scalar()
    return int(value) if value is not None else None


def _has_index(connection: Connection, index: str) -> bool:
    statement = text("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND indisvalid")
    return connection.execute(statement, {"name": index}).scalar() is not None


def _quoted(level: str) -> str:
    return "'" + level.replace("'", "''") + "'"
