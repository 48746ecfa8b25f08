"""E-mail addresses as they are stored and compared: one form for each mailbox, whatever way it was typed."""

import re
import unicodedata
from typing import Final

import idna

from hirehub.kernel.errors import Invalid
from hirehub.kernel.letters import is_hidden

LARGEST: Final = 254
_LOCAL_LARGEST: Final = 64
_LOCAL: Final = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]+")


class BadEmail(Invalid, ValueError):
    """What was given is no e-mail address."""

    code = "bad_email"


def normalise(text: str) -> str:
    """The address in NFKC and lower case, its domain in IDNA's letters; BadEmail for what is none."""
    if len(text) > LARGEST:
        raise BadEmail("An e-mail address is shorter.")
    local, _, domain = unicodedata.normalize("NFKC", text.strip()).lower().rpartition("@")
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        ascii_domain = ""
    if not _LOCAL.fullmatch(local) or len(local) > _LOCAL_LARGEST or "." not in ascii_domain.strip("."):
        raise BadEmail("This is no e-mail address.")
    if any(map(is_hidden, local)):
        raise BadEmail("This address has letters that nobody sees.", hint="Type it instead of pasting it.")
    if local.startswith(".") or local.endswith(".") or ".." in local or ascii_domain.endswith("."):
        raise BadEmail("This is no e-mail address.")
    whole = f"{local}@{ascii_domain}"
    if len(whole) > LARGEST:
        raise BadEmail("An e-mail address is shorter.")
    return whole
