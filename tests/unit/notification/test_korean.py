"""Every error of the service has Korean words, and every word is one of an error of its own."""

import importlib
import pkgutil

import hirehub.services.notification as service
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.http.korean import KOREAN as KERNEL
from hirehub.services.job.korean import KOREAN as JOB
from hirehub.services.notification.korean import KOREAN
from hirehub.services.user.korean import KOREAN as USER


def codes() -> set[str]:
    """The codes of errors that the service defines."""
    for found in pkgutil.walk_packages(service.__path__, f"{service.__name__}."):
        if "migrations" not in found.name:
            importlib.import_module(found.name)
    known, waiting = set(), [HirehubError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(service.__name__):
            known.add(kind.code)
    return known


def test_every_code_has_korean_words_and_every_word_a_code() -> None:
    assert {code for code in KOREAN if "." not in code} == codes()
    assert {code.partition(".")[0] for code in KOREAN} - {"rule"} == codes()


def test_no_code_means_something_else_in_another_service_and_all_words_are_korean() -> None:
    assert KOREAN.keys() & (KERNEL | USER | JOB).keys() == set()
    assert [text for text in KOREAN.values() if not any("가" <= letter <= "힣" for letter in text)] == []
