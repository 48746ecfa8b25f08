"""The two domains, each described once: every lane, statement and screen is made from these descriptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hirehub.contracts import vectors as words
from hirehub.kernel.errors import Invalid

ColumnKind = Literal["text", "int4", "text[]"]


class UnknownDomain(Invalid):
    """A domain that the product does not have."""

    code = "unknown_domain"


@dataclass(frozen=True)
class Column:
    """A metadata column. Its name is that of the wire field; an empty optional text becomes NULL."""

    name: str
    kind: ColumnKind
    required: bool = False
    most_chars: int | None = None
    least: int | None = None
    levels: bool = False
    """Held against the configured list of English levels."""


@dataclass(frozen=True)
class Domain:
    """A kind of row: its tables, its columns and its place in a RowChunk."""

    name: str
    rows_field: str
    columns: tuple[Column, ...]

    @property
    def metadata_table(self) -> str:
        """The table of everything but the vector."""
        return f"{self.name}_metadata"

    @property
    def embedding_table(self) -> str:
        """The table of the vectors."""
        return f"{self.name}_embedding"

    @property
    def index(self) -> str:
        """The name of the index over the vectors."""
        return f"{self.name}_embedding_ann"


RECRUIT = Domain(
    name=words.RECRUIT,
    rows_field="rows",
    columns=(
        Column("company_name", "text", required=True),
        Column("exp_years", "int4", least=0),
        Column("english_level", "text", levels=True),
        Column("primary_keyword", "text"),
    ),
)
CANDIDATE = Domain(
    name=words.CANDIDATE,
    rows_field="candidates",
    columns=(
        Column("name", "text", required=True, most_chars=255),
        Column("skills", "text[]"),
        Column("experience_years", "int4", least=0),
        Column("education_level", "text", most_chars=100),
        Column("preferred_location", "text", most_chars=255),
        Column("expected_salary", "int4", least=1),
    ),
)
DOMAINS: Mapping[str, Domain] = MappingProxyType({domain.name: domain for domain in (RECRUIT, CANDIDATE)})


def by_name(name: str) -> Domain:
    """The domain of that name; UnknownDomain otherwise."""
    try:
        return DOMAINS[name]
    except KeyError:
        raise UnknownDomain(f"There is no domain {name[:40]!r}.", hint="Use recruit or candidate.") from None
