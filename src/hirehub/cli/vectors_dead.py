"""`hirehub vectors dead`: rows that could not be stored are found, corrected, replayed or dropped.

Only `show` prints a row: it is personal data.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from hirehub.cli.output import Json, Output
from hirehub.cli.vectors_session import DomainOption, Session, Yes, age, confirmed, session

if TYPE_CHECKING:
    from hirehub.services.vectors.store.letters import Filter, Letter
    from hirehub.services.vectors.usecases.dead_replay import ReplayReport

app = typer.Typer(no_args_is_help=True, help="Finds, corrects, replays and drops rows that could not be stored.")

Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Ids of dead letters.")]
LetterId = Annotated[int, typer.Argument(metavar="ID", help="The id of a dead letter.")]
CauseOption = Annotated[str, typer.Option("--cause", metavar="CAUSE", help="Only of this cause; `stats` names them.")]
RunOption = Annotated[str, typer.Option("--run", metavar="RUN", help="Only of this run.")]
OlderOption = Annotated[str, typer.Option("--older-than", metavar="AGE", help="Only older ones: 90s, 15m, 2h, 7d, 2w.")]
NewerOption = Annotated[str, typer.Option("--newer-than", metavar="AGE", help="Only newer ones.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]


def _filter(
    ids: list[int] | None, domain: str, cause: str, run: str, older: str, newer: str, *, everything: bool = True
) -> "Filter":
    """What the words of a command line mean; where not `everything` is meant, some word is asked for."""
    from hirehub.services.vectors.store.letters import Filter

    try:
        run_id = UUID(run) if run else None
    except ValueError:
        raise typer.BadParameter(f"{run!r} is no id of a run", param_hint="--run") from None
    meant = Filter(
        ids=tuple(ids) if ids else None,
        domain=domain or None,
        cause=cause or None,
        run_id=run_id,
        older_than=age(older, "--older-than"),
        newer_than=age(newer, "--newer-than"),
    )
    if meant.everything and not everything:
        raise typer.BadParameter("say which: name ids or a filter, or --all", param_hint="ID")
    return meant


@app.command("list")
def list_letters(
    domain: DomainOption = "",
    cause: CauseOption = "",
    run: RunOption = "",
    older_than: OlderOption = "",
    newer_than: NewerOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Letters a page.")] = 50,
    before: Annotated[
        int, typer.Option("--before", metavar="ID", min=0, max=2**63 - 1, help="The last id of the page before.")
    ] = 0,
    json: Json = False,
) -> None:
    """Lists dead letters, the latest first, without what the rows say."""
    from hirehub.services.vectors.usecases import dead

    out = Output(json)
    meant = _filter(None, domain, cause, run, older_than, newer_than)
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                total = await dead.count(db, meant)
                found = await dead.list_letters(db, meant, before=before or None, limit=limit)
            following = found[-1].id if len(found) == limit else None
            out.document({"total": total, "letters": found, "next": following})
            columns = ["id", "domain", "cause", "message", "seen", "tries", "arrived"]
            out.table(columns, [[str(one.id), *_row(one)] for one in found])
            if following is not None:
                out.note(f"{total:,} in all; the next page: --before {following}")

        at.run(work())


def _row(one: "Letter") -> list[object]:
    return [one.domain, one.cause, one.message, one.seen, one.attempts, one.arrived_at]


@app.command()
def show(letter_id: LetterId, json: Json = False) -> None:
    """Shows one dead letter with its row. That is personal data: mind where you print it."""
    from hirehub.services.vectors.usecases import dead

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                whole = await dead.show(db, letter_id)
            out.document({**vars(whole.letter), "payload": whole.payload})
            for name, value in vars(whole.letter).items():
                out.line(f"{name:<16} {value if value is not None else '-'}")
            for name, value in whole.payload.items():
                if name != "wire":
                    out.line(f"  {name:<20} {value if value is not None else '-'}")

        at.run(work())


@app.command()
def stats(json: Json = False) -> None:
    """Counts dead letters by domain and cause."""
    from hirehub.services.vectors.usecases import dead

    out = Output(json)
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                found = await dead.stats(db)
            out.document({"total": sum(one.letters for one in found), "causes": found})
            out.table(
                ["domain", "cause", "letters", "seen", "oldest", "newest"],
                [[one.domain, one.cause, one.letters, one.seen, one.oldest, one.newest] for one in found],
            )

        at.run(work())


@app.command()
def fix(
    letter_id: LetterId,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A field's new value, empty to clear it; repeatable."),
    ] = None,
    vector_from: Annotated[
        Path | None, typer.Option("--vector-from", metavar="FILE", help="A new vector: a JSON list, or .npy.")
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Replay it at once.")] = False,
    json: Json = False,
) -> None:
    """Corrects the row of a dead letter, which is then judged as a fresh one.

    Nothing changes unless the row is sound afterwards. Fields have the names of the contract, such as exp_years;
    a list (skills) takes --set once for each element. Without --replay the schedule replays it.
    """
    from hirehub.cli.vector_file import read_vector
    from hirehub.services.vectors.store.letters import Filter
    from hirehub.services.vectors.usecases import dead_fix

    out = Output(json)
    wanted = _changes(changes or [])
    vector = read_vector(vector_from) if vector_from else None
    with session() as at:

        async def work() -> None:
            async with at.database() as db:
                fixed = await dead_fix.fix(db, at.vectors, letter_id, wanted, vector=vector)
            if replay:
                reports = await _replay(at, Filter(ids=(letter_id,)))
                out.document({**vars(fixed), "replayed": reports})
                _tell(out, reports)
                return
            out.document({**vars(fixed), "replayed": None})
            out.line(f"Dead letter {letter_id} is corrected. Replay it: hirehub vectors dead replay {letter_id}")

        at.run(work())


def _changes(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{word!r} is not FIELD=VALUE", param_hint="--set")
        found.setdefault(name, []).append(value)
    return found


@app.command("replay")
def replay_letters(
    ids: Ids = None,
    everything: All = False,
    domain: DomainOption = "",
    cause: CauseOption = "",
    run: RunOption = "",
    older_than: OlderOption = "",
    newer_than: NewerOption = "",
    json: Json = False,
) -> None:
    """Tries dead letters again; those whose rows are stored, or older than what is stored, are removed.

    Replaying is harmless when repeated. A row without updated_at counts as of its arrival, so nothing newer is
    overwritten. Letters that do not pass stay, with the reason of now.
    """
    out = Output(json)
    meant = _filter(ids, domain, cause, run, older_than, newer_than, everything=everything)
    with session() as at:

        async def work() -> None:
            with out.progress("replay") as shown:
                reports = await _replay(
                    at, meant, lambda received, dead, total: shown.update(received, dead=dead, total=total)
                )
            out.document({"runs": reports})
            _tell(out, reports)

        at.run(work())


async def _replay(
    at: Session, meant: "Filter", told: Callable[[int, int, int], None] | None = None
) -> "list[ReplayReport]":
    """Replays what is meant; `told` gets rows, dead rows and the number of letters of each domain in turn."""
    from hirehub.services.vectors.usecases.dead_replay import Replayer

    async with at.database() as db:
        replayer = Replayer(
            db,
            at.vectors,
            at.kernel,
            progress=None if told is None else lambda counts, total: told(counts.received, counts.dead, total),
        )
        return await replayer.replay(meant)


def _tell(out: Output, reports: "list[ReplayReport]") -> None:
    if not reports:
        out.line("No dead letter is meant.")
    for report in reports:
        counts = report.counts
        out.line(
            f"{report.domain}: {counts.received:,} replayed = {counts.stored:,} stored + {counts.skipped:,} skipped"
            f" (not newer) + {counts.dead:,} still dead  (run {report.run_id})"
        )


@app.command()
def drop(
    ids: Ids = None,
    everything: All = False,
    domain: DomainOption = "",
    cause: CauseOption = "",
    run: RunOption = "",
    older_than: OlderOption = "",
    newer_than: NewerOption = "",
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Removes dead letters for good; their rows are lost unless the source still has them."""
    from hirehub.services.vectors.usecases import dead

    out = Output(json)
    meant = _filter(ids, domain, cause, run, older_than, newer_than, everything=everything)
    with session() as at:

        async def count() -> int:
            async with at.database() as db:
                return await dead.count(db, meant)

        async def work() -> int:
            async with at.database() as db:
                return await dead.drop(db, meant)

        number = at.run(count())
        if number:
            confirmed(out, f"Remove {number:,} dead letters for good?", yes=yes)
        dropped = at.run(work()) if number else 0
        out.document({"dropped": dropped})
        out.line(f"{dropped:,} dead letters removed.")
