"""Makes src/hirehub/services/ai/work/data/words.tsv from ESCO in the folder `shared` beside the clone.

A line a word: its form, how much it tells of the kind of work (hundredths), how much it tells as a word of a title,
and the groups of ISCO-08 that its occupations belong to, each with how much more often than elsewhere (hundredths of a
natural logarithm). A word that all occupations use alike tells nothing and is left out. The same source gives the same
file.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hirehub.services.ai.work.stems import stem, words
from hirehub.services.ai.work.table import BARRED

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "src" / "hirehub" / "services" / "ai" / "work" / "data" / "words.tsv"
SMOOTH = 10
"""So many uses that are spread as all words are: a rare word tells less than its few uses say."""
LEAST, MOST_GROUPS = 3, 10
TELLS_LEAST = 30
"""Words that tell less than that are words of the language."""
IN_LABEL, IN_TEXT, IN_SKILL, IN_SKILL_TOO, MOST = 3.0, 1.0, 0.3, 0.15, 4.0
TITLE_LABEL, TITLE_TEXT = 1.0, 0.2

Counts = defaultdict[str, defaultdict[str, float]]


def forms(text: str) -> set[str]:
    """The forms of a text's words."""
    return {form for word, _, _ in words(text.lower()) if len(form := stem(word)) >= LEAST and form not in BARRED}


def counted(folder: Path) -> tuple[Counts, Counts]:
    """How often each group uses a word: in all that is said of its occupations, and in their labels."""
    skills = {
        row["conceptUri"]: forms(row["preferredLabel"]) for row in pq.read_table(folder / "skills.parquet").to_pylist()
    }
    wanted: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for row in pq.read_table(folder / "occupation_skill.parquet").to_pylist():
        weight = IN_SKILL if row["relationType"] == "essential" else IN_SKILL_TOO
        wanted[row["occupationUri"]].append((weight, row["skillUri"]))
    said: Counts = defaultdict(lambda: defaultdict(float))
    called: Counts = defaultdict(lambda: defaultdict(float))
    for row in pq.read_table(folder / "occupations.parquet").to_pylist():
        group = str(row["iscoGroup"])
        labels = sorted({row["preferredLabel"], *(row["altLabels"] or ())})
        for form, weight in _of(row, labels, [(w, skills.get(uri, set())) for w, uri in wanted[row["conceptUri"]]]):
            said[form][group] += weight
        for label in labels:
            for form in forms(label):
                called[form][group] += TITLE_LABEL
        for form in forms(row["description"] or ""):
            called[form][group] += TITLE_TEXT
    return said, called


def _of(
    row: Mapping[str, Any], labels: list[str], skills: Iterable[tuple[float, set[str]]]
) -> Iterator[tuple[str, float]]:
    """The words of an occupation, each with at most so much weight."""
    found: defaultdict[str, float] = defaultdict(float)
    for form in forms(" ".join(labels)):
        found[form] += IN_LABEL
    for form in forms(row["description"] or ""):
        found[form] += IN_TEXT
    for weight, names in skills:
        for form in names:
            found[form] += weight
    for form, weight in found.items():
        yield form, min(weight, MOST)


def told(counts: Counts, least: float) -> dict[str, tuple[int, list[tuple[str, int]]]]:
    """How much each word tells (relative entropy, hundredths), and of which groups, the most first."""
    groups: defaultdict[str, float] = defaultdict(float)
    for uses in counts.values():
        for group, times in uses.items():
            groups[group] += times
    whole = math.fsum(groups[group] for group in sorted(groups))
    usual = {group: groups[group] / whole for group in sorted(groups)}
    found = {}
    for form, uses in counts.items():
        total = math.fsum(uses[group] for group in sorted(uses))
        if total < least:
            continue
        share = {group: (uses.get(group, 0) + SMOOTH * base) / (total + SMOOTH) for group, base in usual.items()}
        tells = math.fsum(value * math.log(value / usual[group]) for group, value in share.items())
        more = sorted(
            ((group, round(100 * math.log(share[group] / usual[group]))) for group in uses),
            key=lambda one: (-one[1], one[0]),
        )
        found[form] = (round(100 * tells), [one for one in more if one[1] > 40][:MOST_GROUPS])
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "taxonomy" / "esco")
    said, called = counted(parser.parse_args().data)
    weights, titles = told(said, 2), told(called, 2)
    lines = ["# Made by scripts/make_work_words.py; not to be edited. Counted from ESCO 1.1.1: see ../NOTICE."]
    for form in sorted(weights.keys() | titles.keys()):
        weight, title, groups = weights.get(form, (0, []))[0], *titles.get(form, (0, []))
        if weight < TELLS_LEAST:
            continue
        lines.append("\t".join([form, str(weight), str(title), *(f"{group}:{more}" for group, more in groups)]))
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
