"""Text of a word processor as it comes: paragraphs, lines, cells and page breaks, within the bounds on characters."""

from hirehub.services.ai.text.errors import too_large
from hirehub.services.ai.text.limits import Limits


class Flow:
    """Collects pages."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._size = 0
        self._parts: list[str] = []
        self._filled = False
        """Whether the line that is open holds anything."""
        self._lines = 0
        """Lines so far that hold anything."""
        self._cells: list[tuple[int, int]] = []
        """For each cell that is open the parts and lines before it, the innermost last."""
        self.pages: list[str] = []

    def add(self, text: str) -> None:
        """Adds text to the page."""
        self._size += len(text)
        if self._size > self._limits.characters:
            raise too_large(f"more than {self._limits.characters:,} characters")
        self._parts.append(text)
        self._filled = self._filled or not text.isspace()

    def end_line(self) -> None:
        """Ends the line."""
        self.add("\n")
        self._lines += self._filled
        self._filled = False

    def begin_cell(self) -> None:
        """Begins a cell of a table."""
        self._cells.append((len(self._parts), self._lines))

    def end_cell(self) -> None:
        """Ends a cell of a table: a cell of one line stays in its row, one of many is a block of its own."""
        parts, lines = self._cells.pop() if self._cells else (len(self._parts), self._lines)
        if self._lines - lines > 1:
            return
        self._parts[parts:] = [part for part in self._parts[parts:] if part != "\n"]
        self.add("\t")

    def end_row(self) -> None:
        """Ends a row of a table."""
        if self._parts and self._parts[-1] == "\t":
            self._parts.pop()
        if not self._parts or self._parts[-1] != "\n":
            self.end_line()

    def end_page(self) -> None:
        """Begins a new page, unless this one holds nothing."""
        text = "".join(self._parts)
        if not text.strip():
            return
        if len(self.pages) >= self._limits.pages:
            raise too_large(f"more than {self._limits.pages} pages")
        self.pages.append(text)
        self._parts = []
        self._cells = [(0, lines) for _parts, lines in self._cells]

    def finish(self) -> list[str]:
        """The pages."""
        self.end_page()
        return self.pages
