"""The rules of states: who may do what, and what a history says."""

from itertools import pairwise, product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hirehub.services.apply.domain.states import (
    STATUSES,
    Actor,
    BrokenHistory,
    NotYourMove,
    Step,
    WrongState,
    check_move,
    replayed,
)
from tests.support.applying import ARROWS, WAY

SIDES = (Actor.JOBSEEKER, Actor.COMPANY)


def outcome(actor: Actor, begin: str, end: str) -> type[Exception] | None:
    """What a move is refused with."""
    try:
        check_move(actor, begin, end)
    except (NotYourMove, WrongState) as error:
        return type(error)
    return None


def test_a_move_is_allowed_by_the_table_to_the_side_that_decides() -> None:
    found = {
        (actor, begin, end)
        for actor, begin, end in product(SIDES, STATUSES, STATUSES)
        if not outcome(actor, begin, end)
    }
    applicant = {(Actor.JOBSEEKER, begin, "withdrawn") for begin in ARROWS if "withdrawn" in ARROWS[begin]}
    company = {
        (Actor.COMPANY, begin, end) for begin in ARROWS for end in ARROWS[begin] if end not in ("withdrawn", "accepted")
    }
    assert found == applicant | company | {(Actor.JOBSEEKER, "offered", "accepted")}


@example(list(WAY))
@example([*WAY[:4], "rejected"])
@given(st.lists(st.sampled_from(STATUSES), max_size=8))
def test_a_history_is_replayed_to_its_end_or_refused(way: list[str]) -> None:
    steps = [Step(begin, end) for begin, end in zip([None, *way], way, strict=False)]
    sound = way[:1] == ["submitted"] and all(end in ARROWS[begin] for begin, end in pairwise(way))
    if sound:
        assert replayed(steps) == way[-1]
    else:
        with pytest.raises(BrokenHistory):
            replayed(steps)


def test_events_that_change_no_state_are_passed_over() -> None:
    steps = [Step(None, "submitted"), Step(None, None), Step("submitted", "reviewing"), Step(None, None)]
    assert replayed(steps) == "reviewing"


def test_a_step_from_elsewhere_breaks_a_history() -> None:
    with pytest.raises(BrokenHistory, match="reviewing to offered does not follow submitted"):
        replayed([Step(None, "submitted"), Step("reviewing", "offered")])
