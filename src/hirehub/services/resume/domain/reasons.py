"""Why a resume could not be read, as a person hears it."""

from typing import Final

from hirehub.contracts.resume import REASON_WORDS
from hirehub.kernel.http.languages import SPEECH

_OTHER: Final = ("파일을 읽지 못했습니다", "it could not be read")


def reason_in_words(code: str | None) -> str | None:
    """The reason in the language of the request; None where nothing went wrong."""
    if code is None:
        return None
    korean, english = REASON_WORDS.get(code, _OTHER)
    return f"{korean}." if SPEECH.get().tag == "ko" else f"{english[0].upper()}{english[1:]}."
