"""What a file turns into: pages of text, and where each begins in the whole."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

BREAK: Final = "\n"
"""Stands between two pages in the whole text."""


class FileKind(StrEnum):
    """What a file is, whatever its name says."""

    PDF = "pdf"
    DOCX = "docx"
    TXT = "txt"
    HWPX = "hwpx"
    HWP = "hwp"


@dataclass(frozen=True)
class Page:
    """The text of one page; `start` is its first character's place in the whole text."""

    number: int
    """Counts from 0."""
    start: int
    text: str

    @property
    def end(self) -> int:
        """The place behind its last character in the whole text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Document:
    """A file's text. Formats without pages of their own give those that their writer left, or one."""

    kind: FileKind
    pages: tuple[Page, ...]

    @cached_property
    def text(self) -> str:
        """The pages, with a line break between two."""
        return BREAK.join(page.text for page in self.pages)

    def locate(self, place: int) -> tuple[int, int]:
        """The page of a character of the whole text, and its place there; IndexError outside the text."""
        if not 0 <= place <= len(self.text):
            raise IndexError(f"the text has {len(self.text)} characters, there is no {place}")
        page = self.pages[bisect_right(self.pages, place, key=lambda page: page.start) - 1]
        return page.number, place - page.start


def document(kind: FileKind, texts: list[str]) -> Document:
    """A document of these pages."""
    pages: list[Page] = []
    start = 0
    for number, text in enumerate(texts):
        pages.append(Page(number, start, text))
        start += len(text) + len(BREAK)
    return Document(kind, tuple(pages))
