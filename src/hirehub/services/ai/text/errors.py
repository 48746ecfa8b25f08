"""Why a file gives no text. Each says what the person who sent it can do; none repeats a word of the file."""

from hirehub.kernel.errors import Invalid, LimitExceeded

_AGAIN = "Save it anew in the program that wrote it, or send it as PDF."


class EmptyDocument(Invalid):
    """A file without bytes, or without any text."""

    code = "document_empty"


class ScannedDocument(Invalid):
    """A file whose pages are pictures."""

    code = "scan"


class EncryptedDocument(Invalid):
    """A file that opens with a password only."""

    code = "document_encrypted"


class DamagedDocument(Invalid):
    """A file that breaks the rules of its own format."""

    code = "document_damaged"


class UnknownDocument(Invalid):
    """A file of a format that is not read."""

    code = "document_unknown"


class DocumentTooLarge(LimitExceeded):
    """A file that has, or turns into, more than is taken."""

    code = "document_too_large"


class DocumentTooSlow(LimitExceeded):
    """A file that takes longer to read than is given to it."""

    code = "document_too_slow"


def damaged(what: str) -> DamagedDocument:
    """The error for a file that does not add up."""
    return DamagedDocument(f"the file is damaged: {what}", hint=_AGAIN)


def encrypted() -> EncryptedDocument:
    """The error for a file with a password."""
    return EncryptedDocument("the file is protected by a password", hint="Remove the password, then send it again.")


def empty(what: str) -> EmptyDocument:
    """The error for a file that holds no text."""
    return EmptyDocument(f"the file is empty: {what}", hint="Check that it is the right file, then send it again.")


def unknown(what: str) -> UnknownDocument:
    """The error for a format that is not read."""
    return UnknownDocument(f"the file is {what}, which is not read", hint="Send it as PDF, DOCX, HWP, HWPX or text.")


def too_large(what: str) -> DocumentTooLarge:
    """The error for a file that is more than is taken."""
    return DocumentTooLarge(f"the file has {what}", hint="Send the resume alone, without attachments, as PDF.")
