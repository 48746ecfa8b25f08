"""`hirehub eval parse | skills | match`: figures of a stage, nested by set and half, beside the floors to beat."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hirehub.cli.eval_data import Data, data_folder
from hirehub.cli.output import Json, Output


def parse(data: Data = None, json: Json = False) -> None:
    """Measures the reading of resumes and posts."""
    from hirehub.services.ai.evaluation import parsing

    _show(data, json, parsing.parsing_figures, parsing.FLOORS)


def skills(data: Data = None, json: Json = False) -> None:
    """Measures the finding of skills."""
    from hirehub.services.ai.evaluation import skills as stage

    _show(data, json, stage.skill_figures, stage.FLOORS)


def match(data: Data = None, json: Json = False) -> None:
    """Measures the order in which the scorer alone puts resumes. Categories stand in for fit: retrieval sanity."""
    from hirehub.services.ai.evaluation import scoring

    _show(data, json, scoring.scoring_figures, scoring.FLOORS)


def _show(
    data: Path | None, json: bool, measure: Callable[[Path], dict[str, Any]], floors: Mapping[str, Mapping[str, float]]
) -> None:
    out = Output(json)
    found = measure(data_folder(data))
    out.document({"figures": found, "floors": floors})
    rows = [[name, value, *_beside(name, value, floors)] for name, value in _flat(found)]
    out.table(["figure", "value", "floor", ""], rows)
    below = [str(row[0]) for row in rows if row[3] == "below"]
    out.line(f"Below a floor: {', '.join(below)}." if below else "No figure is below its floor.")


def _beside(name: str, value: object, floors: Mapping[str, Mapping[str, float]]) -> tuple[str | None, str | None]:
    """The floors of a figure and whether it is above all of them; nothing where it has none.

    A floor of several methods is named by the figure and the method.
    """
    group, *_, figure = name.split(" ")
    wanted = [
        floor for named, floor in floors.get(group, {}).items() if named == figure or named.rpartition("_")[0] == figure
    ]
    if not wanted or not isinstance(value, float | int):
        return None, None
    return ", ".join(f"{one:g}" for one in wanted), "above" if value >= max(wanted) else "below"


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name} ")
        else:
            yield f"{above}{name}", round(value, 3) if isinstance(value, float) else value
