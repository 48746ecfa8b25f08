"""Every error of `apply` has Korean words, and no words are for an error that is not there."""

from hirehub.kernel.errors import HirehubError
from hirehub.services.apply.domain import applications, interviews, states
from hirehub.services.apply.korean import KOREAN

INTERNAL = {"broken_history"}
"""Told by a command only, which speaks English."""


def test_each_code_has_its_words_and_no_other() -> None:
    kinds = [
        kind
        for module in (applications, interviews, states)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, HirehubError) and kind.__module__ == module.__name__
    ]
    assert {kind.code for kind in kinds} - INTERNAL == {key for key in KOREAN if not key.endswith(".hint")}
