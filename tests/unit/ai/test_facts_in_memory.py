"""Facts that stay in memory: more of them than there is room for cost a reading, never an answer."""

from hirehub.services.ai.matching.matcher import _Read
from hirehub.services.ai.scoring.model import ResumeFacts


def test_what_was_found_stays_the_caller_s_when_others_push_it_out() -> None:
    kept = _Read(2)
    kept.keep({"a": ResumeFacts(), "b": ResumeFacts()})
    mine = kept.known(["a", "b", "c"])
    kept.keep({"c": ResumeFacts(), "d": ResumeFacts(), "e": ResumeFacts()})
    assert set(mine) == {"a", "b"}
    assert set(kept.known(["a", "b", "c", "d", "e"])) == {"d", "e"}
