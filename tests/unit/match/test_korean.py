"""Every error of `match` has Korean words, and no words are for an error that is not there."""

from hirehub.kernel.errors import HirehubError
from hirehub.services.match.domain import feedback, matches
from hirehub.services.match.korean import KOREAN


def test_each_code_has_its_words_and_no_other() -> None:
    kinds = [
        kind
        for module in (feedback, matches)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, HirehubError) and kind.__module__ == module.__name__
    ]
    assert {kind.code for kind in kinds} == {key for key in KOREAN if not key.endswith(".hint")}
