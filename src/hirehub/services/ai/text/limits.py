"""What reading one document may take."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Limits:
    """The bounds of one file; those of the process that reads it come last."""

    file_bytes: int = 20 * 1024 * 1024
    pages: int = 200
    characters: int = 300_000
    """Masking and parsing look at each of them: a text of rows made to be slow takes seconds at this length."""
    unpacked_bytes: int = 64 * 1024 * 1024
    """Of all parts of an archive that are read, together."""
    ratio: int = 200
    """Unpacked bytes for a packed one, in parts of more than 1 MiB."""
    entries: int = 4_000
    """Parts that an archive may have."""
    depth: int = 200
    """Elements of XML inside each other."""
    memory: int = 500
    """MiB."""
    seconds: float = 30.0

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for the child."""
        return asdict(self)
