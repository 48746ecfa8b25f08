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
    MailKind.RESET: "password-reset",
    MailKind.INVITE: "invitations",
}

_TEXTS: Final = {
    ("en", MailKind.WELCOME): ("Welcome to hirehub", "Your account is ready. You can log in now."),
    ("en", MailKind.EXISTS): (
        "You already have an account",
        (
            "Somebody asked for an account with this address, which has one already. If it was you, log in, or choose"
            " another password. If not, there is nothing to do."
        ),
    ),
    ("en", MailKind.CONFIRM): (
        "Confirm your address",
        (
            "Somebody signed up with this address. If it was you, confirm it with the password that you chose."
            " If not, there is nothing to do."
        ),
    ),
    ("en", MailKind.EMAIL): (
        "Confirm your new address",
        (
            "Somebody wants to use this address for an account. If it was you, confirm it with your password."
            " If not, there is nothing to do."
        ),
    ),
    ("en", MailKind.RESET): (
        "Choose another password",
        (
            "Somebody asked for another password for your account. If it was you, choose one. If not, there is nothing"
            " to do: your password stays as it is."
        ),
    ),
    ("en", MailKind.INVITE): (
        "{company} invites you to hirehub",
        (
            "{company} invites you to act for it on hirehub. Log in with this address, or sign up with it as a company,"
            " and accept the invitation."
        ),
    ),
    ("ko", MailKind.WELCOME): ("hirehub 가입을 환영합니다", "계정이 준비되었습니다. 이제 로그인할 수 있습니다."),
    ("ko", MailKind.EXISTS): (
        "이미 가입된 주소입니다",
        (
            "이 주소로 계정을 만들려는 요청이 있었지만, 이미 가입된 주소입니다. 본인이라면 로그인하거나 비밀번호를"
            " 다시 설정해 주세요. 본인이 아니라면 이 메일을 무시하셔도 됩니다."
        ),
    ),
    ("ko", MailKind.CONFIRM): (
        "이메일 주소를 확인해 주세요",
        (
            "이 주소로 가입 신청이 있었습니다. 본인이라면 가입할 때 정한 비밀번호를 입력해 주소를 확인해 주세요."
            " 아니라면 이 메일을 무시하셔도 됩니다."
        ),
    ),
    ("ko", MailKind.EMAIL): (
        "새 이메일 주소를 확인해 주세요",
        (
            "계정의 이메일 주소를 이 주소로 바꾸려는 요청이 있었습니다. 본인이라면 비밀번호를 입력해 확인해 주세요."
            " 아니라면 이 메일을 무시하셔도 됩니다."
        ),
    ),
    ("ko", MailKind.RESET): (
        "비밀번호 재설정 안내",
        (
            "비밀번호를 다시 설정하려는 요청이 있었습니다. 본인이라면 새 비밀번호를 정해 주세요."
            " 아니라면 이 메일을 무시하셔도 됩니다. 비밀번호는 바뀌지 않습니다."
        ),
    ),
    ("ko", MailKind.INVITE): (
        "{company}에서 hirehub에 초대했습니다",
        (
            "{company}에서 hirehub의 회사 구성원으로 초대했습니다. 이 주소로 로그인하거나 기업 회원으로 가입한 뒤"
            " 초대를 수락해 주세요."
        ),
    ),
}
_WAYS: Final = {
    "en": (
        "The link is good once, for {span} from when it was asked for. If it does not open, enter this token instead.",
        "Token",
    ),
    "ko": (
        "링크는 요청한 때부터 {span} 동안 한 번만 쓸 수 있습니다. 열리지 않으면 아래 코드를 입력해 주세요.",
        "인증 코드",
    ),
}
_SOMEBODY: Final = {"en": "A company", "ko": "회사"}
_UNITS: Final = ((86_400, "day", "일"), (3_600, "hour", "시간"), (60, "minute", "분"), (1, "second", "초"))

LANGUAGES: Final = ("en", "ko")


def written(
    kind: MailKind, language: str, public_url: str, token: str | None, *, seconds: int = 0, company: str | None = None
) -> tuple[str, str]:
    """Subject and text of a mail, with a link; with a token also how long that is good for, and the token by itself.

    `company` is the one that invites.
    """
    spoken = language if language in LANGUAGES else "en"
    named = {"company": " ".join((company or "").split()) or _SOMEBODY[spoken]}
    subject, text = (words.format_map(named) for words in _TEXTS[spoken, kind])
    home = public_url.rstrip("/")
    if token is None:
        return subject, f"{text}\n\n{home}/\n"
    way, name = _WAYS[spoken]
    link = f"{home}/{_PATHS[kind]}?token={quote(token)}"
    return subject, f"{text}\n\n{link}\n\n{way.format(span=_span(seconds, spoken))}\n\n{name}: {token}\n"


def _span(seconds: int, language: str) -> str:
    """A time in the largest unit that says it without a rest."""
    size, english, korean = next(unit for unit in _UNITS if seconds % unit[0] == 0)
    count = seconds // size
    return f"{count}{korean}" if language == "ko" else f"{count} {english}{'' if count == 1 else 's'}"
