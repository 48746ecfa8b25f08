"""What an index over vectors is: its kind, what it measures by, its parameters; as wanted by settings or as found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from hirehub.services.vectors.settings import IndexSettings

OPERATORS: Final[Mapping[str, str]] = MappingProxyType({"cosine": "<=>", "l2": "<->", "ip": "<#>"})
"""The distance of a metric in SQL; that of ip is the negative inner product."""

OPERATOR_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {metric: f"vector_{metric}_ops" for metric in ("cosine", "l2", "ip")}
)
_DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"hnsw": {"m": "16", "ef_construction": "64"}, "ivfflat": {"lists": "100"}}
)
"""What pgvector takes for a parameter that an index does not state."""


@dataclass(frozen=True)
class IndexShape:
    """Kind, operator class and parameters of an index."""

    kind: str
    operator_class: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """In SQL's words, as after CREATE INDEX ... ON table."""
        parameters = ", ".join(f"{name} = {value}" for name, value in self.parameters.items())
        return f"USING {self.kind} (vector {self.operator_class}) WITH ({parameters})"

    def same(self, other: "IndexShape") -> bool:
        """Whether both mean the same index, parameters that are not stated included."""
        return (
            self.kind == other.kind and self.operator_class == other.operator_class and self.stated() == other.stated()
        )

    def stated(self) -> dict[str, str]:
        """All parameters, those included that the index leaves to pgvector."""
        return {**_DEFAULTS.get(self.kind, {}), **self.parameters}


def wanted(settings: IndexSettings) -> IndexShape:
    """The index that the settings ask for."""
    if settings.kind == "hnsw":
        parameters = {"m": str(settings.m), "ef_construction": str(settings.ef_construction)}
    else:
        parameters = {"lists": str(settings.lists)}
    return IndexShape(settings.kind, OPERATOR_CLASSES[settings.metric], parameters)


def search_parameters(settings: IndexSettings) -> dict[str, str]:
    """The server parameters under which searches go through the index."""
    if settings.kind == "hnsw":
        return {"hnsw.ef_search": str(settings.ef_search)}
    return {"ivfflat.probes": str(settings.probes)}


def memory_to_build(settings: IndexSettings, rows: int, dimension: int) -> int:
    """MiB that hold the whole index while it is built, with a fifth to spare; at least 64, PostgreSQL's default.

    An hnsw element is its vector, its links (2m on the lowest level, m on those above) and its tuple's address;
    ivfflat keeps a sample of 50 rows a list. Source: pgvector's own structures, measured.
    """
    kept = rows if settings.kind == "hnsw" else min(rows, settings.lists * 50)
    element = 4 * dimension + (settings.m * 3 * 16 + 200 if settings.kind == "hnsw" else 16)
    return max(64, kept * element * 6 // 5 // 2**20 + 1)
