"""What masking takes out of texts that hold hardly any personal data: job posts, and resumes whose authors are gone.

There are no expected values, so the figures are counts: findings of each kind, and how many mentions of known tools a
finding overlaps. Samples are fixed by a hash, so that the same texts are read each time.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hirehub.kernel.errors import Missing
from hirehub.services.ai.masking.mask import mask

SETS: Final = {
    "posts_en": ("jobs/en.parquet", ("title", "description", "requirements", "preferred")),
    "posts_ko": ("jobs/ko_general.parquet", ("title", "intro", "main_tasks", "requirements", "preferred", "benefits")),
    "posts_ko_developer": ("jobs/ko_developer.parquet", ("title", "intro", "main_tasks", "requirements", "preferred")),
    "resumes_en": ("resumes/livecareer.parquet", ("text",)),
}
"""Files and their columns of free text; places of work have columns of their own and are left out."""
_TOOLS: Final = "taxonomy/onet/technology_skills.parquet"
_SHORTEST: Final = 4
"""Letters of a tool's name: shorter ones are words of the language too."""
_WORD: Final = re.compile(r"[\w+#][\w+#.-]*(?<![.-])")
_MOST_WORDS: Final = 3


@dataclass
class Touched:
    """Counts over the texts of a set."""

    texts: int = 0
    touched: int = 0
    names: int = 0
    """Texts in which a name was found."""
    tools: int = 0
    tools_lost: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """The counts, and the share of mentions of tools that survive; None without any."""
        return {
            "texts": self.texts,
            "texts_touched": self.touched,
            "texts_with_names": self.names,
            "findings": dict(sorted(self.kinds.items())),
            "tool_mentions": self.tools,
            "tools_kept": round(1 - self.tools_lost / self.tools, 5) if self.tools else None,
        }


def measure(folder: Path, name: str, most: int) -> Touched:
    """Masks at most `most` texts of a set and counts."""
    tools = _tools(folder)
    counts = Touched()
    for text in texts(folder, name, most):
        findings = mask(text).findings
        kinds = Counter(one.kind.value for one in findings)
        counts.texts += 1
        counts.touched += bool(findings)
        counts.names += "name" in kinds
        counts.kinds += kinds
        for start, end in _mentions(text, tools):
            counts.tools += 1
            counts.tools_lost += any(one.start < end and start < one.end for one in findings)
    return counts


def texts(folder: Path, name: str, most: int) -> Iterator[str]:
    """A fixed sample of a set's texts."""
    path, columns = SETS[name]
    rows = _table(folder / path, columns)
    keyed = ("\n".join(str(value) for value in row.values() if value) for row in rows)
    yield from sorted(keyed, key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest())[:most]


def _mentions(text: str, tools: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where a tool is named: up to three words that stand together."""
    words = [match.span() for match in _WORD.finditer(text)]
    for at, (start, _end) in enumerate(words):
        ends = [words[last][1] for last in range(at, min(at + _MOST_WORDS, len(words)))]
        yield from ((start, end) for end in ends if text[start:end] in tools)


def _tools(folder: Path) -> frozenset[str]:
    """Names of tools, written as they are."""
    names = {str(row["Example"]) for row in _table(folder / _TOOLS, ("Example",))}
    return frozenset(name for name in names if len(name) >= _SHORTEST)


def _table(path: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    if not path.is_file():
        raise Missing(f"there is no {path.name} below the data folder", hint="Name the folder with --data.")
    return pq.read_table(path, columns=list(columns)).to_pylist()
