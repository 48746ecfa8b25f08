"""English names: announced by a word, after a title, at the head of a resume, or a frequent given name with another.

A name that is found once is taken out wherever it stands in the text. A capitalised pair alone is never enough: it is
as often a company, a tool or a place.
"""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.english_heads import CONTACT, at_head, referees
from hirehub.services.ai.masking.english_words import NAME, WORD, load
from hirehub.services.ai.masking.finding import Finding, Kind

_LABELLED: Final = re.compile(
    rf"(?i:(?:(?<![A-Za-z])(?:full |first |last |middle |family |given |legal |candidate |applicant "
    rf"|employee |customer |maiden |sur)?name|(?<![A-Za-z])(?:attn|attention|cc|prepared by|written by"
    rf"|author|emergency contact))(?:\(s\))?)"
    rf" ?[:|] {{0,6}}(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?({NAME})",
)
_SAID: Final = re.compile(
    rf"\b(?:[Mm]y (?:full |first |last )?name is|[Nn]ame is|[Mm]aiden name (?:is|was)|(?:I am|I'm|I’m)"
    rf"(?= {WORD} {WORD})|[Cc]all(?:s|ed)? me|named|(?:was|is) called|husband|wife|son|daughter|kid"
    rf"|mother|father|sister|brother)"
    rf",? ({NAME})"
)
_GREETED: Final = re.compile(
    rf"(?:^|(?<=\n)|(?<=[.!?] )|(?<=\"))(?:Hi|Hello|Dear|Hey),? (?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?"
    rf"({NAME})(?=[,!:\n.]|$)"
)
_TITLED: Final = re.compile(rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Mister|Madam|Sir)\.? ({NAME})")
_SIGNED: Final = re.compile(
    rf"\b(?:[Bb]est(?=,)|(?:[Bb]est |[Kk]ind |[Ww]arm )?[Rr]egards|[Ss]incerely(?: yours)?|[Yy]ours"
    rf"(?: \w+)?|[Tt]hanks),? ?\n{{1,3}} {{0,4}}({NAME}) *(?:\n|$)"
)
_SPOKEN_OF: Final = re.compile(
    rf"\b(?:says|said|told|asked|directed by|founded by|[Uu]ser:|(?:Hello|Hi),? this is|to add) (?:"
    rf"(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?({WORD}(?: [A-Z]\.)? {WORD})(?![\w-])"
)
_LIVES: Final = re.compile(rf"(?:^|(?<=[.!?\n] )|(?<=\n))({NAME}) (?:lives|lived|resides) (?:at|on|in) ")
_ADDRESSED: Final = re.compile(rf"(?:^|(?<=\n))({WORD})(?=[,:] )")
_PLAIN_LABEL: Final = re.compile(
    r"(?:^|(?<=\n))[ \t]*(?:full )?name ?: {0,8}([^\W\d][^\n:;,|@\d\ue000]{1,40}?)[ \t]*(?=\n|$)", re.IGNORECASE
)
_SPEAKER: Final = re.compile(rf"(?:^|(?<=\n))({WORD}): ?(?=[\\\"“])")
_HEAD: Final = re.compile(
    rf"(?:^|(?<=\n))[ \t#*>|-]{{0,6}}({NAME})(?:,? (?:Jr|Sr|II|III|MD|PhD|MBA|CPA|PMP"
    rf"|RN)\.?)*[ \t*|,]{{0,6}}(?=\n|$|\|)"
)
_PAIR: Final = re.compile(rf"(?<![\w-])({WORD})((?: [A-Z]\.?)? {WORD})(?![\w-])")
_INSTITUTION: Final = re.compile(
    r",? (?:University|College|School|Institute|Academy|Hospital|Medical|Center|Centre|Community"
    r"|National|Chamber|High|Elementary|Middle|Library"
    r"|Foundation|Fund|Park|Street|Avenue|Road|Company|Inc|LLC"
    r"|Corporation|Association|Church|Health|Oil|Group|Senate"
    r"|State|Partners|Memorial|Rehabilitation|Hills"
    r"|Lake|Transportation|Club|Country|Beach|Award)\b"
)
_WORK: Final = re.compile(
    r"['’]s (?:patterns?|books?|principles?|laws?|theorem|algorithm|methods?|course|theory|rules?)\b"
)
"""Whoever is known for one of these is no applicant."""
_SHORT_LINES: Final = 60


def find(text: str) -> Iterator[Finding]:
    """Every name that the rules are sure of, and every other place where it stands."""
    found = _announced(text) | _heads(text) | _known(text)
    for place in found:
        yield Finding(*place, Kind.NAME)
    yield from _again(text, set(found.values()))


def _announced(text: str) -> dict[tuple[int, int], str]:
    """Names behind a word that announces one."""
    found: dict[tuple[int, int], str] = {}
    for pattern in (_LABELLED, _SAID, _GREETED, _TITLED, _SIGNED, _SPOKEN_OF, _LIVES):
        for match in pattern.finditer(text):
            name = _trimmed(match.group(1))
            if name:
                found[match.start(1), match.start(1) + len(name)] = name
    return found | {match.span(1): match.group(1) for match in _PLAIN_LABEL.finditer(text)}


def _known(text: str) -> dict[tuple[int, int], str]:
    """Frequent given names: with another name behind, or where somebody speaks or is spoken to."""
    lists = load()
    found: dict[tuple[int, int], str] = {}
    for pattern in (_SPEAKER, _ADDRESSED):
        for match in pattern.finditer(text):
            if match.group(1) in lists.given:
                found[match.span(1)] = match.group(1)
    for match in _PAIR.finditer(text):
        last = match.group(2).split()[-1].lower()
        if match.group(1) in lists.given and last not in lists.words and not _elsewhere(text, *match.span()):
            found[match.span()] = match.group()
    return found


def _elsewhere(text: str, start: int, end: int) -> bool:
    """Whether a name is part of that of a place, an institution or a work."""
    firm = "-".join(text[start:end].lower().split()) in load().firms
    behind = _INSTITUTION.match(text, end) or _WORK.match(text, end)
    return firm or text.endswith(("St. ", "Saint "), 0, start) or behind is not None


def _heads(text: str) -> dict[tuple[int, int], str]:
    """The names that a resume, a block of contacts or a list of referees begins with."""
    found = at_head(text) | referees(text)
    lists = load()
    for match in _HEAD.finditer(text):
        parts = match.group(1).split()
        if not 2 <= len(parts) <= 4 or any(part.strip(".,").lower() in lists.words for part in parts):
            continue
        if parts[0].title() in lists.given and CONTACT.search(text, match.end(), match.end() + _SHORT_LINES):
            found[match.span(1)] = match.group(1)
    return found


def _trimmed(name: str) -> str:
    """The name up to the first word that is none; empty where the first already is none."""
    words = load().words
    end = 0
    for match in re.finditer(r"\S+", name):
        if match.group().strip(".,'’").lower() in words:
            break
        end = match.end()
    return name[:end].rstrip(".,'’-") if end > 1 else ""


def _again(text: str, names: set[str]) -> Iterator[Finding]:
    """Every other place of whole names that were found."""
    whole = sorted((name for name in names if " " in name), key=lambda name: (-len(name), name))
    if whole:
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, whole))})(?!\w)", text):
            yield Finding(*match.span(), Kind.NAME)
