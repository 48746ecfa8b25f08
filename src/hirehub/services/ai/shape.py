"""What a row of each domain looks like on the wire and in a file: the fields, their numbers, the names of columns.

The numbers are those of `proto/embedding_stream.proto`. A field is matched by its own name or one of `columns`, upper
and lower case, blanks and underscores apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from hirehub.contracts import vectors as words
from hirehub.kernel.errors import Invalid

Kind = Literal["id", "text", "texts", "int32", "vector", "micros"]


class UnknownDomain(Invalid):
    """A domain that the product does not have."""

    code = "unknown_domain"


@dataclass(frozen=True)
class Field:
    """A field of a row. `needed`: a file without its column is refused. `presence`: 0 differs from not told."""

    name: str
    number: int
    kind: Kind
    columns: tuple[str, ...] = ()
    needed: bool = False
    presence: bool = False


@dataclass(frozen=True)
class Shape:
    """A domain's row; `chunk_number` is the number of its rows' field in a RowChunk."""

    domain: str
    chunk_number: int
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def vector(self) -> Field:
        """The field that holds the vector."""
        return next(field for field in self.fields if field.kind == "vector")


_VECTOR_COLUMNS = ("vector", "vectors", "embedding", "embeddings")

RECRUIT: Final = Shape(
    words.RECRUIT,
    1,
    (
        Field("id", 1, "id", ("recruit_id", "uuid"), needed=True),
        Field("company_name", 2, "text", ("Company Name", "company"), needed=True),
        Field("exp_years", 3, "int32", ("Exp Years", "experience_years"), needed=True),
        Field("english_level", 4, "text", ("English Level",)),
        Field("primary_keyword", 5, "text", ("Primary Keyword",)),
        Field("vector", 6, "vector", ("job_post_vectors", "job_post_vector", *_VECTOR_COLUMNS), needed=True),
        Field("updated_at_micros", 7, "micros", ("updated_at",)),
    ),
)
CANDIDATE: Final = Shape(
    words.CANDIDATE,
    2,
    (
        Field("id", 1, "id", ("candidate_id", "uuid"), needed=True),
        Field("name", 2, "text", needed=True),
        Field("skills", 3, "texts"),
        Field("experience_years", 4, "int32", ("exp_years",), needed=True),
        Field("education_level", 5, "text", ("education",)),
        Field("preferred_location", 6, "text", ("location",)),
        Field("expected_salary", 7, "int32", ("salary",), presence=True),
        Field("vector", 8, "vector", ("candidate_vectors", "candidate_vector", *_VECTOR_COLUMNS), needed=True),
        Field("updated_at_micros", 9, "micros", ("updated_at",)),
    ),
)
SHAPES: Final[Mapping[str, Shape]] = MappingProxyType({shape.domain: shape for shape in (RECRUIT, CANDIDATE)})


def by_name(domain: str) -> Shape:
    """The shape of a domain; UnknownDomain otherwise."""
    try:
        return SHAPES[domain]
    except KeyError:
        raise UnknownDomain(f"there is no domain {domain[:40]!r}", hint="Use recruit or candidate.") from None
