"""Every rule in order: of two findings that overlap, the one of the earlier rule stays."""

from collections.abc import Iterator

from hirehub.services.ai.masking import (
    addresses,
    attributes,
    cell_names,
    contacts,
    english_names,
    korean_names,
    numbers,
    phones,
)
from hirehub.services.ai.masking.finding import Finding


def find(text: str, cells: str, *, named: bool) -> Iterator[Finding]:
    """All that any rule finds; findings may overlap.

    `cells`: the same text with its tabs. `named`: a name was already taken out of this text.
    """
    yield from contacts.find(text)
    yield from numbers.find(text)
    yield from phones.find(text)
    yield from addresses.find(text, cells)
    names = [*korean_names.find(text), *english_names.find(text), *cell_names.find(cells)]
    yield from names
    yield from attributes.find(cells)
    if named or names:
        yield from numbers.businesses(text)
