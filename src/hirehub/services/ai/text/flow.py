"""Text of a word processor as it comes: paragraphs, lines, cells and page breaks, within the bounds on characters."""

from hirehub.services.ai.text.errors import too_large
from hirehub.services.ai.text.limits import Limits


class Flow:
    """Collects pages."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._size = 0
        self._parts: list[str] = []
        self.pages: list[str] = []

    def add(self, text: str) -> None:
        """Adds text to the page."""
        self._size += len(text)
        if self._size > self._limits.characters:
            raise too_large(f"more than {self._limits.characters:,} characters")
        self._parts.append(text)

    def end_line(self) -> None:
        """Ends the line."""
        self.add("\n")

    def end_cell(self) -> None:
        """Ends a cell of a table: a cell of one line stays in its row."""
        if self._parts and self._parts[-1] == "\n":
            self._parts[-1] = "\t"

    def end_row(self) -> None:
        """Ends a row of a table."""
        if self._parts and self._parts[-1] == "\t":
            self._parts[-1] = "\n"
        else:
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

    def finish(self) -> list[str]:
        """The pages."""
        self.end_page()
        return self.pages
