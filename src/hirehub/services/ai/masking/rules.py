"""Every rule in order: of two findings that overlap, the one of the earlier rule stays."""

from collections.abc import Iterator

from hirehub.services.ai.masking import addresses, attributes, contacts, english_names, korean_names, numbers, phones
from hirehub.services.ai.masking.finding import Finding


def find(text: str, *, named: bool) -> Iterator[Finding]:
    """All that any rule finds; findings may overlap. `named`: a name was already taken out of this text."""
    yield from contacts.find(text)
    yield from numbers.find(text)
    yield from phones.find(text)
    yield from addresses.find(text)
    names = [*korean_names.find(text), *english_names.find(text)]
    yield from names
    yield from attributes.find(text)
    if named or names:
        yield from numbers.businesses(text)
