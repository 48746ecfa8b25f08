"""Text of an HWPX: the sections of the body in their order; a paragraph that asks for a new page begins one."""

import re
from typing import Final

from hirehub.services.ai.text.archive import Archive
from hirehub.services.ai.text.errors import damaged, encrypted
from hirehub.services.ai.text.flow import Flow
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.xml import walk

_SECTION: Final = re.compile(r"Contents/section(\d{1,4})\.xml$")
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTION: Final = b"encryption-data"


def read(archive: Archive, limits: Limits) -> list[str]:
    """The pages of an HWPX."""
    if _MANIFEST in archive.names and _ENCRYPTION in archive.read(_MANIFEST):
        raise encrypted()
    sections = sorted((int(match[1]), match[0]) for match in map(_SECTION.match, archive.names) if match)
    if not sections:
        raise damaged("it has no section")
    flow = Flow(limits)
    for _number, name in sections:
        _Section(flow).read(archive.read(name), limits)
    return flow.finish()


class _Section:
    """One section on its way into the flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._text = 0

    def read(self, data: bytes, limits: Limits) -> None:
        """Walks through the section."""
        walk(data, limits, self._start, self._end, self._characters)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p" and attributes.get("pageBreak") == "1":
            self._flow.end_page()
        elif name == "t":
            self._text += 1
        elif name == "tc":
            self._flow.begin_cell()
        elif name == "tab":
            self._flow.add("\t")
        elif name == "lineBreak":
            self._flow.end_line()
        elif name in {"nbSpace", "fwSpace"}:
            self._flow.add(" ")
        elif name == "hyphen":
            self._flow.add("-")

    def _end(self, name: str) -> None:
        if name == "t":
            self._text -= 1
        elif name == "p":
            self._flow.end_line()
        elif name == "tc":
            self._flow.end_cell()
        elif name == "tr":
            self._flow.end_row()

    def _characters(self, text: str) -> None:
        if self._text:
            self._flow.add(text)
