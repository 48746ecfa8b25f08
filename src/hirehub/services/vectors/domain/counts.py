"""What became of the rows of a load. Every row has exactly one fate, so the sum always holds: counts that do not add
up cannot be made.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Counts:
    """Rows received = stored + skipped (older or equal) + dead; `causes` tells the dead ones apart.

    Raises ValueError where the sum does not hold.
    """

    received: int = 0
    stored: int = 0
    skipped: int = 0
    dead: int = 0
    causes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.received != self.stored + self.skipped + self.dead or min(self.stored, self.skipped, self.dead) < 0:
            raise ValueError(
                f"{self.received} received is not {self.stored} stored + {self.skipped} skipped + {self.dead} dead"
            )

    def __add__(self, other: "Counts") -> "Counts":
        """The counts of both together."""
        return Counts(
            self.received + other.received,
            self.stored + other.stored,
            self.skipped + other.skipped,
            self.dead + other.dead,
            MappingProxyType(dict(Counter(self.causes) + Counter(other.causes))),
        )

    @classmethod
    def of(cls, *, stored: int = 0, skipped: int = 0, causes: Mapping[str, int] | None = None) -> "Counts":
        """Counts whose sums are made here: `received` from the fates, `dead` from the causes."""
        causes = MappingProxyType(dict(causes or {}))
        dead = sum(causes.values())
        return cls(stored + skipped + dead, stored, skipped, dead, causes)
