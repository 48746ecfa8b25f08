"""`hirehub vectors search`: the rows nearest to a stored row or to a vector, by the same code as the API server's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output
from hirehub.cli.vectors_session import Domain, Session, session

if TYPE_CHECKING:
    from hirehub.services.vectors.usecases.search import Hit


def search(
    domain: Domain,
    row: Annotated[UUID | None, typer.Option("--id", metavar="ID", help="A stored row to find others like.")] = None,
    of: Annotated[
        str, typer.Option("--of", metavar="DOMAIN", help="The domain of --id; default the one searched.")
    ] = "",
    vector: Annotated[
        Path | None, typer.Option("--vector", metavar="FILE", help="A JSON list, or .npy; - reads standard input.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most hits.")] = 10,
    after: Annotated[str, typer.Option("--after", metavar="CURSOR", help="A hit's cursor, for the next page.")] = "",
    json: Json = False,
) -> None:
    """Finds the rows nearest to a stored row (--id) or to a vector (--vector).

    Answers come from the database, not from a cache, and by the metric of the settings.
    """
    from hirehub.cli.vector_file import read_vector
    from hirehub.services.vectors.domain.domains import by_name

    if (row is None) == (vector is None):
        raise typer.BadParameter("say one of --id and --vector", param_hint="--id")
    out = Output(json)
    by_name(domain)
    floats = read_vector(vector) if vector else []
    with session() as at:
        hits = at.run(_find(at, domain, row, of or domain, floats, limit, after or None))
        out.document(
            {"domain": domain, "metric": at.vectors.of(domain).index.metric, "hits": [_document(hit) for hit in hits]}
        )
        out.table(["similarity", "distance", "id", *_names(domain)], [_row(hit, domain) for hit in hits])


async def _find(
    at: Session, domain: str, row: UUID | None, of: str, floats: list[float], limit: int, after: str | None
) -> "list[Hit]":
    from hirehub.services.vectors.domain.domains import by_name
    from hirehub.services.vectors.usecases.search import Searcher, Wanted

    wanted = Wanted(limit=limit, after=after)
    async with at.database() as db:
        searcher = Searcher(db, at.vectors)
        if row is not None:
            return await searcher.similar(by_name(of), row, by_name(domain), wanted)
        return await searcher.by_vector(by_name(domain), floats, wanted)


def _document(hit: "Hit") -> dict[str, object]:
    from dataclasses import asdict

    found = {"similarity": hit.similarity, "distance": hit.distance, "cursor": hit.cursor}
    return {**asdict(hit.entity), **found}


def _names(domain: str) -> list[str]:
    from hirehub.services.vectors.domain.domains import by_name

    return [column.name for column in by_name(domain).columns]


def _row(hit: "Hit", domain: str) -> list[object]:
    values = [getattr(hit.entity, name) for name in _names(domain)]
    texts = [", ".join(value) if isinstance(value, list | tuple) else value for value in values]
    return [f"{hit.similarity:.4f}", f"{hit.distance:.4f}", hit.entity.id, *texts]
