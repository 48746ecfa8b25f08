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
    out.table(["figure", "value"], [[name, value] for name, value in _flat(found)])
    out.table(["floor", "value"], [[name, value] for name, value in _flat(floors)])


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name} ")
        else:
            yield f"{above}{name}", round(value, 3) if isinstance(value, float) else value
