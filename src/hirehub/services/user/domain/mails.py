"""What the service writes to people, in Korean and English."""

from enum import StrEnum
from typing import Final
from urllib.parse import quote


class MailKind(StrEnum):
    """Why a mail is sent. `nothing` is a mail to nobody: it is made where a known address would get one."""

    WELCOME = "welcome"
    EXISTS = "exists"
    CONFIRM = "confirm"
    EMAIL = "email"
    RESET = "reset"
    INVITE = "invite"
    NOTHING = "nothing"


_PATHS: Final = {
    MailKind.CONFIRM: "confirm",
    MailKind.EMAIL: "confirm",
    MailKind.RESET: "reset-password",
    MailKind.INVITE: "invitations",
}

_TEXTS: Final = {
    ("en", MailKind.WELCOME): ("Welcome to hirehub", "Your account is ready. You can log in now."),
    ("en", MailKind.EXISTS): (
        "You already have an account",
        (
            "Somebody signed up with this address, which has an account already. If it was you, log in, or choose"
            " another password. If not, there is nothing to do."
        ),
    ),
    ("en", MailKind.CONFIRM): ("Confirm your address", "Confirm that this address is yours:"),
    ("en", MailKind.EMAIL): ("Confirm your new address", "Confirm that your account moves to this address:"),
    ("en", MailKind.RESET): (
        "Choose another password",
        "Somebody asked for another password for your account. If it was you, choose one:",
    ),
    ("en", MailKind.INVITE): ("You are invited", "A company invites you to become a member on hirehub:"),
    ("ko", MailKind.WELCOME): ("hirehub 가입을 환영합니다", "계정이 준비되었습니다. 이제 로그인할 수 있습니다."),
    ("ko", MailKind.EXISTS): (
        "이미 계정이 있습니다",
        (
            "이 주소로 가입 요청이 있었지만 이미 계정이 있습니다. 본인이라면 로그인하거나 비밀번호를 다시 정하세요."
            " 아니라면 그대로 두셔도 됩니다."
        ),
    ),
    ("ko", MailKind.CONFIRM): ("주소를 확인해 주세요", "이 주소가 본인의 것인지 확인해 주세요:"),
    ("ko", MailKind.EMAIL): ("새 주소를 확인해 주세요", "계정의 주소를 이 주소로 바꾸는 것을 확인해 주세요:"),
    ("ko", MailKind.RESET): ("비밀번호 다시 정하기", "비밀번호를 다시 정하겠다는 요청이 있었습니다. 본인이라면:"),
    ("ko", MailKind.INVITE): ("초대합니다", "회사가 hirehub 구성원으로 초대했습니다:"),
}

LANGUAGES: Final = ("en", "ko")


def written(kind: MailKind, language: str, public_url: str, token: str | None) -> tuple[str, str]:
    """Subject and text of a mail; with a token also its link and the token by itself."""
    subject, text = _TEXTS[(language if language in LANGUAGES else "en", kind)]
    if token is None:
        return subject, f"{text}\n"
    return subject, f"{text}\n\n{public_url.rstrip('/')}/{_PATHS[kind]}?token={quote(token)}\n\nToken: {token}\n"
