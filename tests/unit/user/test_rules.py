"""Addresses, passwords, members and mails."""

import unicodedata

import pytest
from pydantic import TypeAdapter, ValidationError

from hirehub.contracts.user import UserType
from hirehub.services.user.domain import emails, passwords
from hirehub.services.user.domain.accounts import wanted_type
from hirehub.services.user.domain.companies import LastPrimary, may_lose_primary
from hirehub.services.user.domain.mails import LANGUAGES, MailKind, written
from hirehub.services.user.domain.secrets import LARGEST, digest, new_token
from hirehub.services.user.korean import KOREAN
from hirehub.services.user.schemas import Email


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a@example.com", "a@example.com"),
        (" A.B+c@EXAMPLE.com ", "a.b+c@example.com"),
        ("ａ＠example.com", "a@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("사람@한글.example", "사람@xn--bj0bj06e.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_form(typed: str, stored: str) -> None:
    assert emails.normalise(typed) == stored
    assert emails.normalise(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "a",
        "a@",
        "@example.com",
        "a@example",
        "a@.com",
        "a@example.com.",
        "a b@example.com",
        "a\n@example.com",
        "a@exa mple.com",
        "a@b@example.com",
        ".a@example.com",
        "a..b@example.com",
        "a,b@example.com",
        "<a@example.com>",
        f"{'a' * 65}@example.com",
        f"a@{'b.' * 130}com",
        "a@-example.com",
        "a\u0000@example.com",
        "a\u200b@example.com",
        "a\u202e@example.com",
        "\u3164@example.com",
        "a\ufe0f@example.com",
        "a@example.com\r\nBcc: b@example.com",
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(emails.BadEmail) as refused:
        emails.normalise(typed)
    assert len(typed) < 3 or typed not in refused.value.message


def test_an_address_with_hidden_letters_says_so_in_both_languages() -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Email).validate_python("a\u200b@example.com")
    said = refused.value.errors()[0]["msg"].removeprefix("Value error, ")
    assert "nobody sees" in said
    assert f"rule.value_error.{said}" in KOREAN


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("nine char", "10 to 128"),
        ("x" * 129, "10 to 128"),
        ("aaaaaaaaaaaa", "again and again"),
        ("abababababab", "again and again"),
        ("passwordpassword", "again and again"),
        ("TulipTulipTul", "again and again"),
        ("누구세요누구세요누구세요", "again and again"),
        ("person.one@example.com", "mail address"),
        ("Person.One@Example.com", "mail address"),
        ("ｐｅｒｓｏｎ．ｏｎｅ 1998", "mail address"),
        ("my person.one!", "mail address"),
        ("Password2024!", "first that are tried"),
        ("qwertyuiop", "first that are tried"),
        ("1q2w3e4r5t", "first that are tried"),
        ("0987654321", "first that are tried"),
        ("Qlalfqjsgh1!", "first that are tried"),
        ("비밀번호123456", "first that are tried"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, why: str) -> None:
    with pytest.raises(passwords.WeakPassword, match=why):
        passwords.accepted(password, "person.one+jobs@example.com", "person.one@example.com")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "a passphrase of Ann", "비밀번호는 아주 길게", "h7#kQ2!mZx"]
)
def test_a_password_that_is_not_easily_guessed_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert passwords.accepted(password, "ann@example.com", "") == password


def test_a_password_is_the_same_on_every_keyboard() -> None:
    composed = "비밀번호는 아주 길게 길게"
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert passwords.accepted(composed, "") == passwords.accepted(apart, "")


def test_nobody_becomes_an_administrator_by_an_issuer_s_word() -> None:
    assert wanted_type("company") is UserType.COMPANY
    assert {wanted_type(word) for word in ("admin", "", None, "chief")} == {UserType.JOBSEEKER}


def test_the_last_primary_member_stays() -> None:
    may_lose_primary(2)
    with pytest.raises(LastPrimary):
        may_lose_primary(1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in MailKind if kind is not MailKind.NOTHING])
def test_every_mail_is_written_in_every_language(kind: MailKind, language: str) -> None:
    token = None if kind in (MailKind.WELCOME, MailKind.EXISTS) else "a-token"
    subject, text = written(kind, language, "https://jobs.example/", token)
    assert "\n" not in subject
    assert any("가" <= letter <= "힣" for letter in subject + text) == (language == "ko")
    assert "https://jobs.example/" in text
    assert ("Token" in text) == (token is not None and language == "en")


def test_an_invitation_names_who_invites_and_how_long_it_is_good_in_the_readers_language() -> None:
    week, company = 604_800, "{루멘}"
    subject, text = written(MailKind.INVITE, "ko", "https://jobs.example", "a-token", seconds=week, company=company)
    assert subject == "{루멘}에서 hirehub에 초대했습니다"
    assert "{루멘}에서 hirehub의 회사 구성원으로 초대했습니다." in text
    assert "요청한 때부터 7일 동안" in text
    assert text.endswith("\n인증 코드: a-token\n")
    english = written(MailKind.RESET, "en", "https://jobs.example", "a-token", seconds=5_400)[1]
    assert "good once, for 90 minutes from" in english


def test_a_token_fits_its_bound_and_differs_each_time() -> None:
    (first, stored), (second, _) = new_token(), new_token()
    assert first != second
    assert len(first) <= LARGEST
    assert digest(first) == stored
