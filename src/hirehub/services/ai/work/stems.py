"""Words brought to one form: `nurses`, `nursing` and `nurse` are one word of work.

The rule is short and makes forms that are no words; it only has to make the same one of the same word. Words for men
and women of an occupation are one.
"""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[A-Za-z]{2,}(?:-[A-Za-z]{2,})?")
_SHORTEST = 3
_PAIRS = {
    "waitress": "waiter",
    "hostess": "host",
    "stewardess": "steward",
    "actress": "actor",
    "seamstress": "seamster",
    "masseuse": "masseur",
    "housewife": "housekeeper",
    "headmistress": "headmaster",
    "midwife": "midwifery",
    "barmaid": "barman",
}
_SPELT = {
    "centre": "center",
    "labour": "labor",
    "colour": "color",
    "behaviour": "behavior",
    "programme": "program",
    "catalogue": "catalog",
    "licence": "license",
    "defence": "defense",
    "theatre": "theater",
    "fibre": "fiber",
    "tyre": "tire",
    "jewellery": "jewelry",
    "aluminium": "aluminum",
    "paediatric": "pediatric",
    "paediatrician": "pediatrician",
    "anaesthetist": "anesthetist",
    "orthopaedic": "orthopedic",
    "gynaecologist": "gynecologist",
}
"""British spellings of the table's source as most resumes write them."""
_ENDS_IN_MAN = re.compile(r"(?P<stem>[a-z]{4,})(?:wom[ae]n|m[ae]n|persons?|people|lady|girl|boy)$")


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """The English words of a text and where they stand; both halves of `co-worker`."""
    for match in _WORD.finditer(text):
        at = match.start()
        for half in match[0].split("-"):
            yield half, at, at + len(half)
            at += len(half) + 1


def stem(word: str) -> str:
    """The form of a word in small letters."""
    word = _PAIRS.get(word, word)
    if (pair := _ENDS_IN_MAN.match(word)) is not None:
        word = pair["stem"]
    word = _single(word)
    return _cut(_SPELT.get(word, word).replace("isation", "ization"))


def _single(word: str) -> str:
    """Without the ending of the plural."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _SHORTEST:
        return word[:-1]
    return word


def _cut(word: str) -> str:
    """Without `ing`, `ed` and a last `e`."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word.removesuffix(ending)
            return word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
