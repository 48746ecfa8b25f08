"""Every error that a caller of the API may see has Korean words, and every Korean word is one of an error."""

import importlib
import pkgutil
from http import HTTPStatus

import hirehub.kernel.auth
import hirehub.kernel.db
import hirehub.kernel.http
import hirehub.services.user
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.korean import KOREAN as KERNEL
from hirehub.services.user.korean import KOREAN as USER

ROOTS = (hirehub.kernel.auth, hirehub.kernel.http, hirehub.services.user)
ELSEWHERE = {"database_unavailable", "database_busy", "cache_unavailable", "service_unavailable"}
"""Codes that are raised beside these packages and reach a caller."""
AT_START = {"http_port_taken", "port_taken"}
"""Codes that only who starts the product sees."""
GENERAL = {"missing", "conflict", "invalid", "denied", "busy", "limit_exceeded", "unavailable", "broken"}
ROUTER = {"not_found", "method_not_allowed", "bad_request", "unsupported_media_type"}


def codes() -> set[str]:
    """The codes of errors that the packages define."""
    for root in ROOTS:
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if "migrations" not in found.name:
                importlib.import_module(found.name)
    known, waiting = set(), [HirehubError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(tuple(root.__name__ for root in ROOTS)):
            known.add(kind.code)
    return known


def test_every_code_has_korean_words_and_every_word_a_code() -> None:
    known = (codes() - AT_START) | ELSEWHERE | GENERAL | ROUTER
    told = KERNEL | USER
    plain = {code for code in told if "." not in code}
    assert known - plain == set()
    assert plain - known == set()
    assert {code.partition(".")[0] for code in told if code.endswith(".hint")} <= plain


def test_no_code_has_two_meanings_and_all_words_are_korean() -> None:
    assert KERNEL.keys() & USER.keys() == set()
    assert [text for text in (KERNEL | USER).values() if not any("가" <= letter <= "힣" for letter in text)] == []


def test_titles_are_of_statuses_that_there_are() -> None:
    told = {int(code.partition(".")[2]) for code in KERNEL if code.startswith("status.")}
    assert told <= {int(status) for status in HTTPStatus}
