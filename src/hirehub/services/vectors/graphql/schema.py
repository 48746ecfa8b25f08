"""The schema, and which answers of it may be kept.

An answer is kept under the domains whose rows it was made of. The state of the service is asked anew each time.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import strawberry
from graphql import FieldNode, GraphQLSchema

from hirehub.services.vectors.domain.domains import CANDIDATE, RECRUIT
from hirehub.services.vectors.graphql import inputs, status_types, types
from hirehub.services.vectors.graphql.browse_fields import BrowseFields, StatusFields
from hirehub.services.vectors.graphql.fields import described
from hirehub.services.vectors.graphql.search_fields import SearchFields


@strawberry.type
class Query(SearchFields, BrowseFields, StatusFields):
    """Job posts and candidates: found by similarity, by filters, by id; counted."""


for _module in (types, status_types, inputs):
    for _kind in vars(_module).values():
        if isinstance(_kind, type) and _kind.__module__ == _module.__name__:
            described(_kind)
described(Query)

schema: Final = strawberry.Schema(query=Query)

_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("findSimilarRecruits", "similarRecruits", "findRecruitsByText", "recruit", "recruits", "searchRecruits"),
            RECRUIT.name,
        ),
        **dict.fromkeys(
            (
                "findSimilarCandidates",
                "similarCandidates",
                "findCandidatesByText",
                "candidate",
                "candidates",
                "searchCandidates",
            ),
            CANDIDATE.name,
        ),
        "recruitCounts": RECRUIT.name,
        "candidateCounts": CANDIDATE.name,
        "recruitsForCandidate": "both",
        "candidatesForRecruit": "both",
    }
)
SCOPES: Final = (RECRUIT.name, CANDIDATE.name, "both")
"""Under which names answers are kept."""

STATE: Final = "state"
"""What a field is about that is not about rows."""

_ROWS: Final = frozenset({RECRUIT.name, CANDIDATE.name})


def scope_of(fields: Sequence[FieldNode]) -> str | None:
    """The name under which an answer to these root fields is kept; None for one that is not."""
    if not all(field.name.value in _OF or field.name.value.startswith("__") for field in fields):
        return None
    scopes = {_OF[field.name.value] for field in fields if field.name.value in _OF}
    if not scopes:
        return RECRUIT.name
    return scopes.pop() if len(scopes) == 1 else "both"


def touched(fields: Sequence[FieldNode]) -> frozenset[str]:
    """What these root fields are about: domains, or the state of the service; introspection is about nothing."""
    found: set[str] = set()
    for field in fields:
        name = field.name.value
        if not name.startswith("__"):
            scope = _OF.get(name, STATE)
            found |= _ROWS if scope == "both" else {scope}
    return frozenset(found)


def core() -> GraphQLSchema:
    """The engine's own schema, which documents are checked and run against."""
    return schema._schema  # noqa: SLF001 - Strawberry has no public name for it


def sdl() -> str:
    """The schema in GraphQL's own language."""
    return schema.as_str()
