"""`hirehub eval pii`: how much personal data masking finds, and what it takes for nothing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hirehub.cli.eval_data import Data, data_folder
from hirehub.cli.output import Json, Output

if TYPE_CHECKING:
    from hirehub.services.ai.evaluation.pii import Figures

_RULE = (
    "A value is found when a finding of its kind overlaps each place where it stands, removed when findings of any"
    " kind cover it whole; a finding is right when it overlaps a value of its kind."
)


def run(
    data: Data = None,
    half: Annotated[
        str, typer.Option("--half", metavar="HALF", help="all, written (rules saw it) or kept (they did not).")
    ] = "all",
    sample: Annotated[
        int, typer.Option("--sample", metavar="TEXTS", min=1, help="Posts and resumes of each set that are masked.")
    ] = 200,
    json: Json = False,
) -> None:
    """Measures masking: recall and precision of each kind, clean texts touched, texts a second.

    Kinds that a set does not mark count against precision. Floors are those of plain patterns.
    """
    from hirehub.services.ai.evaluation import pii, touched

    out = Output(json)
    folder = data_folder(data)
    figures = {
        "korean_documents": pii.measure(pii.korean_documents(folder, half)),
        "korean_names": pii.measure(pii.korean_sentences(folder, half)),
        **{
            f"english_{name}": pii.measure(pii.english_texts(folder, name, half))
            for name in ("generated_large", "synth_dataset_v2")
        },
    }
    counts = {name: touched.measure(folder, name, sample).as_dict() for name in touched.SETS}
    out.document(
        {
            "rule": _RULE,
            "half": half,
            "sets": {name: one.as_dict() for name, one in figures.items()},
            "floors": {"korean_documents": pii.FLOORS, "library": pii.LIBRARY},
            "touched": counts,
        }
    )
    out.line(_RULE)
    for name, one in figures.items():
        korean = name == "korean_documents"
        _show(out, name, one, pii.FLOORS if korean else {}, pii.LIBRARY if korean else {})
    out.line("\nTexts that hold hardly any personal data:")
    out.table(
        ("set", "texts", "touched", "with names", "tools named", "tools kept"),
        [
            [name, row["texts"], row["texts_touched"], row["texts_with_names"], row["tool_mentions"], row["tools_kept"]]
            for name, row in counts.items()
        ],
    )


def _show(
    out: Output, name: str, figures: "Figures", floors: Mapping[str, float], library: Mapping[str, float]
) -> None:
    """One set as a line and a table, with the floors and the best library beside it where they are known."""
    shown: dict[str, Any] = figures.as_dict()
    out.line(
        f"\n{name}: {shown['texts']:,} texts, {shown['clean_touched']} of {shown['clean']} clean ones touched,"
        f" {shown['texts_per_second']} texts a second"
    )
    out.table(
        ("kind", "expected", "recall", "floor", "library", "", "removed", "found", "precision"),
        [
            [
                *(kind, row["expected"], row["recall"], floors.get(kind), library.get(kind)),
                _against(row["recall"], (floors.get(kind), library.get(kind))),
                *(row["removed"], row["given"], row["precision"]),
            ]
            for kind, row in shown["kinds"].items()
        ],
    )


def _against(recall: float | None, marks: tuple[float | None, ...]) -> str | None:
    """Above or below the floor and the library, to their two decimals; nothing where there is neither."""
    known = [one for one in marks if one is not None]
    if recall is None or not known:
        return None
    return "above" if round(recall, 2) > max(known) else "equal" if round(recall, 2) == max(known) else "below"
