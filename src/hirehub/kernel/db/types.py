"""Column types that SQLAlchemy does not know, for describing tables and comparing them with a database."""

from typing import Any

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class Vector(UserDefinedType[Any]):
    """pgvector's type. The dimension is a setting and may be migrated by itself, so descriptions leave it out."""

    cache_ok = True

    def __init__(self, dimension: int | None = None) -> None:
        self.dimension = dimension

    def get_col_spec(self, **_: object) -> str:
        """The type's name in SQL."""
        return "vector" if self.dimension is None else f"vector({self.dimension})"


ischema_names.setdefault("vector", Vector)
