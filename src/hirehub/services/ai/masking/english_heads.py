"""English names where a resume or a referee's entry begins, told by what stands beside and below them.

Below the words for a resume or an occupation the first line of names counts as the head. It ends at its line's end, at
a sign, or where an occupation begins.
"""

import re
from typing import Final

from hirehub.services.ai.masking.english_words import NAME, WORD, begins_occupation, load, no_names, plain

CONTACT: Final = re.compile(
    r"@|\ue000|\b(?:phone|tel|mobile|cell|e-?mail|address)\b|\+?\d[\d ().-]{7,}|linkedin\.com"
    r"|github\.com|\b(?:apt|suite)\b",
    re.IGNORECASE,
)
"""What stands below a person's name."""
_LEAD: Final = r"[ \t#*>|•·-]{0,6}(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?"
_START: Final = re.compile(rf"{_LEAD}({NAME}(?: {NAME})?)")
_TURNED: Final = re.compile(rf"{_LEAD}({WORD}), ({WORD}(?: {WORD})?)(?= {{0,6}}(?:\n|$|[|(\t]|  ))")
_DEGREES: Final = re.compile(r"(?:,? (?:Jr|Sr|II|III|MD|PhD|MBA|CPA|PMP|RN)\b\.?)*")
_CUT: Final = re.compile(r"[ \t*,]{0,6}(?:\n|$|\||•|·|\([^\W\d_]{1,12}(?:/\w{1,6}){0,2}\))|\t|  ")
_SIGN: Final = re.compile(r" {0,2}(?:[,:/]|-(?= )) {0,2}")
_DIRECT: Final = re.compile(r" (?:[\w.+-]{1,64}@|\+?\(?\d[\d ().-]{7}|\ue000)")
_INLINE: Final = re.compile(r" [A-Za-z]")
_HANGUL: Final = re.compile(r" {0,2}\(([가-힣]{2,4})\)")
_TOKEN: Final = re.compile(r"[^\s,|/()•·]+")
_MAIL: Final = re.compile(r"[\w.+-]{1,64}(?=@)")
_SECTION: Final = re.compile(
    r"\n[ \t]*(?:(?:technical|professional|work|core|key|career) )?(?:summary|profile|objective|experience|education"
    r"|skills|employment|about(?: me)?)[ \t]*:?[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
_REFEREES: Final = re.compile(
    r"(?:^|(?<=\n))[ \t#*]{0,6}(?:(?:professional|personal|character) )?(?:references|referees|추천인)[ \t*]{0,3}"
    r"(?::|(?=\n))",
    re.IGNORECASE,
)
_BELOW: Final = 400
_NEAR: Final = 120
_MOST_LINE: Final = 200
_MOST_TITLES: Final = 4
_MOST_REFEREES: Final = 24
"""Lines below the word for referees."""


def at_head(text: str) -> dict[tuple[int, int], str]:
    """The name on the first line that is neither a title nor an occupation."""
    at = 0
    bare = False
    for _ in range(_MOST_TITLES + 1):
        at += len(text[at : at + _MOST_LINE]) - len(text[at : at + _MOST_LINE].lstrip())
        end = _line_end(text, at)
        kind = _title(text[at:end]) if end - at <= _MOST_LINE else ""
        if not kind:
            return _with_hangul(text, _first(text, at, end, _NEAR if bare else _BELOW))
        bare = bare or kind == "occupation"
        at = end
    return {}


def referees(text: str) -> dict[tuple[int, int], str]:
    """The names that the lines below the word for referees begin with."""
    found: dict[tuple[int, int], str] = {}
    for header in _REFEREES.finditer(text):
        at = header.end()
        opens = True
        for _ in range(_MOST_REFEREES):
            end = _line_end(text, at)
            line = text[at:end].strip()
            if _SECTION.match("\n" + line):
                break
            place = _span(text, at, end) if line else None
            if place is not None and (opens or text[place[1] : end].strip()):
                name = text[place[0] : place[1]]
                if (not no_names(name) or _given(name)) and _spoken_for(text, place[1], end):
                    found[place] = name
            opens = not line or (opens and at == header.end())
            at = end + 1
            if at >= len(text):
                break
    return found


def _spoken_for(text: str, place: int, end: int) -> bool:
    """Whether an occupation or contacts stand behind a referee's name."""
    return CONTACT.search(text, place, place + _BELOW // 2) is not None or begins_occupation(
        _TOKEN.findall(text[place:end])
    )


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _title(line: str) -> str:
    """What a line that holds no name is: a `heading`, an `occupation`, or nothing of these."""
    lists = load()
    parts = [plain(part) for part in _TOKEN.findall(line)]
    if parts and all(part.strip("-*#:=[]<>") in lists.titles | {""} for part in parts):
        return "heading"
    if len(parts) < 2 or parts[0].title() in lists.given or parts[0] in lists.also_given:
        return ""
    known = lists.words | lists.beside | lists.occupations
    if all(part in known for part in parts) and any(part in lists.occupations for part in parts):
        return "occupation"
    return ""


def _span(text: str, at: int, end: int) -> tuple[int, int] | None:
    """Where the two to four words of a name on this line stand, if what follows ends them."""
    match = _START.match(text, at, end)
    if match is None:
        return None
    words = list(re.finditer(r"\S+", match.group(1)))
    start = match.start(1)
    for count in range(2, len(words)):
        if begins_occupation([word.group() for word in words[count:]] + _TOKEN.findall(text[match.end() : end])):
            return start, start + words[count - 1].end()
    if not 2 <= len(words) <= 4:
        return None
    behind = _DEGREES.match(text, match.end(), end)
    close = behind.end() if behind else match.end()
    sign = _SIGN.match(text, close, end)
    if _CUT.match(text, close) or _DIRECT.match(text, close) or (sign and _follows(text, sign.end(), end)):
        return match.span(1)
    if begins_occupation(_TOKEN.findall(text[close:end])):
        return match.span(1)
    return None


def _follows(text: str, at: int, end: int) -> bool:
    """Whether an occupation or a contact comes after a sign."""
    return begins_occupation(_TOKEN.findall(text[at:end])) or CONTACT.match(text, at, end) is not None


def _first(text: str, at: int, end: int, below: int) -> tuple[int, int] | None:
    """Where the name on the first line stands, if what is below bears it out."""
    turned = _TURNED.match(text, at)
    if turned is not None:
        parts = [turned.group(1), *turned.group(2).split()]
        sure = plain(parts[0]) in load().surnames or parts[1].title() in load().given or _mailed(text, at, parts)
        contact = CONTACT.search(text, turned.end(), turned.end() + below)
        return (turned.start(1), turned.end(2)) if sure and contact else None
    place = _span(text, at, min(end, at + _MOST_LINE))
    if place is None:
        return None
    name = text[place[0] : place[1]]
    if not load().beside.isdisjoint(name.lower().split()):
        return None
    if CONTACT.search(text, place[1], place[1] + below):
        if no_names(name) and not (_given(name) or _mailed(text, place[1], name.split())):
            return None
        return None if _INLINE.match(text, place[1]) and _again(text, name) else place
    if no_names(name) or _again(text, name) or not _SECTION.search(text, place[1], place[1] + 2 * below):
        return None
    behind = text[place[1] : place[1] + _MOST_LINE]
    return place if begins_occupation(_TOKEN.findall(behind.lstrip(" -,|•·/\n").partition("\n")[0])) else None


def _again(text: str, name: str) -> bool:
    """Whether a part of what looks like a name is a word of this text elsewhere: those of an occupation are."""
    parts = name.split()
    found = re.findall(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, parts))})(?![\w@.-])", text, re.IGNORECASE)
    short = any(part.isupper() and len(part) < 4 and plain(part) not in load().surnames for part in parts)
    return short or len(found) > len(parts)


def _given(name: str) -> bool:
    """Whether two words begin with a given name or end with a Korean surname, so that a word of the list is none."""
    parts = [part for part in name.split() if len(part.strip(".")) > 1]
    lists = load()
    first = plain(parts[0]) if parts else ""
    return len(parts) == 2 and (
        first.title() in lists.given or first in lists.also_given or plain(parts[1]) in lists.surnames
    )


def _mailed(text: str, at: int, parts: list[str]) -> bool:
    """Whether an e-mail address near holds the first and the last of these words, or one and the other's initial."""
    first, last = plain(parts[0]), plain(parts[-1])
    for match in _MAIL.finditer(text, at, at + _BELOW):
        local = re.sub(r"[\W\d_]", "", match.group()).lower()
        if len(last) > 2 and len(first) > 2 and local in {first + last, last + first, first[0] + last, last + first[0]}:
            return True
    return False


def _with_hangul(text: str, place: tuple[int, int] | None) -> dict[tuple[int, int], str]:
    """A name and the one in Hangul that stands behind it in parentheses."""
    if place is None:
        return {}
    found = {place: text[place[0] : place[1]]}
    hangul = _HANGUL.match(text, place[1])
    return found | {hangul.span(1): hangul.group(1)} if hangul else found
