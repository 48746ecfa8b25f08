"""Text of a DOCX: headers, the body, footers; deleted and hidden text and field codes are no text.

Pages are those of the breaks that the writer left; a file without any is one page.
"""

import re
from typing import Final

from hirehub.services.ai.text.archive import Archive
from hirehub.services.ai.text.flow import Flow
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.xml import walk

_HEADER: Final = re.compile(r"word/header\d*\.xml$")
_BODY: Final = re.compile(r"word/document\d*\.xml$")
_BEHIND: Final = re.compile(r"word/(?:footer|footnotes|endnotes)\d*\.xml$")
_SKIPPED: Final = frozenset({"Fallback", "del", "moveFrom", "instrText", "delText"})
"""Elements whose text is not shown, or is shown a second time."""
_CHARACTERS: Final = {"tab": "\t", "noBreakHyphen": "-"}
_OFF: Final = frozenset({"0", "false", "off"})


def read(archive: Archive, limits: Limits) -> list[str]:
    """The pages of a DOCX."""
    flow = Flow(limits)
    names = sorted(archive.names)
    for pattern in (_HEADER, _BODY, _BEHIND):
        for name in names:
            if pattern.match(name):
                _Part(flow).read(archive.read(name), limits)
    return flow.finish()


class _Part:
    """One part of the file on its way into the flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._skipped = 0
        self._text = 0
        self._runs: list[bool] = []
        """Whether each run that is open is hidden, the innermost last."""

    def read(self, data: bytes, limits: Limits) -> None:
        """Walks through the part."""
        walk(data, limits, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _SKIPPED:
            self._skipped += 1
        if self._skipped:
            return
        if name == "r":
            self._runs.append(False)
        elif name == "vanish" and self._runs:
            self._runs[-1] = attributes.get("val") not in _OFF
        elif name == "t":
            self._text += 1
        elif name == "tc":
            self._flow.begin_cell()
        elif name in _CHARACTERS:
            self._flow.add(_CHARACTERS[name])
        elif name == "lastRenderedPageBreak" or (name == "br" and attributes.get("type") == "page"):
            self._flow.end_page()
        elif name in {"br", "cr"}:
            self._flow.end_line()

    def _end(self, name: str) -> None:
        if name in _SKIPPED:
            self._skipped -= 1
        elif self._skipped:
            return
        elif name == "r" and self._runs:
            self._runs.pop()
        elif name == "t":
            self._text -= 1
        elif name == "p":
            self._flow.end_line()
        elif name == "tc":
            self._flow.end_cell()
        elif name == "tr":
            self._flow.end_row()

    def _characters(self, text: str) -> None:
        if self._text and not self._skipped and not any(self._runs):
            self._flow.add(text)
