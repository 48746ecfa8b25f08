"""E-mail addresses, plain and spelled around, and addresses of a person's own pages."""

import re
from collections.abc import Iterator
from typing import Final

from hirehub.services.ai.masking.finding import Finding, Kind

_MAIL: Final = re.compile(
    r"(?<![\w.%+*-])[A-Za-z0-9_%+*-][\w.%+*-]{0,63}@[A-Za-z0-9]"
    r"(?:[A-Za-z0-9*-]{0,62}\.){1,5}[A-Za-z]{2,18}(?![A-Za-z])",
    re.ASCII,
)
_WIDE: Final = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9_%+-][\w.%+-]{0,63} ?@ ?[A-Za-z0-9][A-Za-z0-9-]{0,40}(?: ?\. ?|,)(?:com|net"
    r"|org|co ?\. ?kr|ac ?\. ?kr|kr|io|dev)(?![A-Za-z])",
    re.ASCII,
)
_BROKEN: Final = re.compile(
    r"(?<![\w.%+-])[A-Za-z0-9_%+-][\w.%+-]{0,63}(?:@ {0,2}\n {0,4}| {0,2}\n {0,4}@)[A-Za-z0-9][A-Za-z0-9-]{0,40}"
    r"(?:\.[A-Za-z0-9-]{1,40}){0,3}\.(?:com|net|org|kr|io|dev|edu|me)(?![A-Za-z])",
    re.ASCII,
)
"""Broken over a line at its sign."""
_HANGUL: Final = re.compile(
    r"(?<![\w.%+-])(?=[^\s@]{0,64}@)[\w%+-][\w.%+-]{0,63}@(?:[\w-]{1,63}\.){1,5}(?:[A-Za-z]{2,18}|한국)(?![A-Za-z])"
)
"""With letters of any script before or behind the sign, as mail has allowed for long."""
_AT: Final = r" ?(?:\[ ?at ?\]|\( ?at ?\)|\(a\)|\[a\]|\{at\}|< ?at ?>|[(\[<]골뱅이[)\]>]|\(@\)|\[@\]|골뱅이|앳) ?| at "
_DOT: Final = (
    r" ?(?:\[ ?dot ?\]|\( ?dot ?\)|< ?dot ?>|\{dot\}|[(\[<](?:닷|쩜|점)[)\]>]|\(\.\)|\[\.\]|닷|쩜|점) ?| dot | ?\. ?"
)
_AROUND: Final = re.compile(
    rf"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+][A-Za-z0-9_.%+-]{{0,63}}"
    rf"(?:{_AT})[A-Za-z0-9][A-Za-z0-9-]{{0,40}}(?:(?:{_DOT})[A-Za-z0-9-]{{2,20}}){{0,2}}"
    rf"(?:{_DOT})(?:com|net|org|kr|io|dev|edu|gov|컴|넷)(?![A-Za-z])",
    re.IGNORECASE,
)
_PLAIN_AT: Final = re.compile(r" at [A-Za-z0-9-]+ ?\. ?[a-z]", re.IGNORECASE)
_PROFILE: Final = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?"
    r"(?:linkedin\.com/(?:in|pub)/|github\.com/|gitlab\.com/|bitbucket\.org/"
    r"|stackoverflow\.com/users/|facebook\.com/|instagram\.com/"
    r"|twitter\.com/|(?<![A-Za-z])x\.com/|medium\.com/@|velog\.io/@|dev\.to/|kaggle\.com/"
    r"|behance\.net/|dribbble\.com/|blog\.naver\.com/"
    r"|brunch\.co\.kr/@|leetcode\.com/|hackerrank\.com/|orcid\.org/|t\.me/|open\.kakao\.com/"
    r"|researchgate\.net/profile/)"
    r"[\w%.~+@/-]*[\w/]",
    re.IGNORECASE,
)
_OWN_HOST: Final = re.compile(
    r"(?:https?://)?[a-z0-9-]{2,40}\.(?:github\.io|tistory\.com|blogspot\.com|wordpress\.com)(?:/[\w%.~/-]*)?",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(
    r"(?:카카오톡|카톡|텔레그램|인스타(?:그램)?|skype|telegram|wechat|github|linkedin|kakao(?:talk)?)"
    r" ?(?:id|아이디|계정|username|handle)? ?[:@] ?(@?[A-Za-z0-9][\w.-]{2,38}[A-Za-z0-9])(?![\w./])",
    re.IGNORECASE,
)

_HANDLE_NAMED: Final = re.compile(
    r"(?<![A-Za-z])(?:카카오톡|카카오|카톡|라인|텔레그램|위챗|스카이프|인스타(?:그램)?|kakao(?:talk)?|line|telegram|wechat|skype"
    r"|instagram) ?-?(?:id|아이디)(?![A-Za-z])[ :：=]{0,3}"
    r"(@?(?=[A-Za-z_.-]*\d)[A-Za-z0-9][\w.-]{2,38}[A-Za-z0-9])(?![\w./])",
    re.IGNORECASE,
)
"""Without a colon only what has a digit: the words behind an ID are else as often a sentence."""


def find(text: str) -> Iterator[Finding]:
    """Every e-mail address and personal page."""
    for pattern in (_MAIL, _WIDE, _BROKEN, _HANGUL):
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.EMAIL)
    for match in _AROUND.finditer(text):
        if "@" in match.group() or not _PLAIN_AT.search(match.group()) or _mailed(text, match.start()):
            yield Finding(*match.span(), Kind.EMAIL)
    for pattern in (_PROFILE, _OWN_HOST):
        for match in pattern.finditer(text):
            yield Finding(*match.span(), Kind.PROFILE)
    for pattern in (_HANDLE, _HANDLE_NAMED):
        for match in pattern.finditer(text):
            yield Finding(*match.span(1), Kind.PROFILE)


def _mailed(text: str, place: int) -> bool:
    """Whether the words before speak of mail: `name at host.com` is more often a sentence than an address."""
    return re.search(r"mail|메일|contact|연락", text[max(0, place - 30) : place], re.IGNORECASE) is not None
