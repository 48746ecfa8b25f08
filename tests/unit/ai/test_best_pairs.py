"""Which pairs are told: the best, those that are others than they were told, and none twice with the same numbers."""

from dataclasses import replace
from uuid import UUID

from hirehub.services.ai.matching.scores import best, said
from hirehub.services.ai.parsing.model import PostSpan, Span
from hirehub.services.ai.profiles.values import Bounds, Other
from hirehub.services.ai.scoring.model import AskedSkill, PostFacts, ResumeFacts, SkillFact, Weights

TWO = Bounds(candidates=10, told=2)


def post(number: int, *skills: str) -> Other:
    """A post that asks for skills."""
    asked = tuple(AskedSkill(name, False, name, (PostSpan("required", 0, 3),)) for name in skills)
    return Other(UUID(int=number), UUID(int=99), 1, "en", PostFacts(skills=asked))


def resume(*skills: str) -> Other:
    """A resume that shows skills."""
    shown = tuple(SkillFact(name, (Span(1, 0, 3),)) for name in skills)
    return Other(UUID(int=1), UUID(int=98), 1, "en", ResumeFacts(skills=shown))


POSTS = [post(2, "Python"), post(3, "Python", "Go"), post(4, "Rust"), post(5)]


def test_the_best_are_told_in_their_order_and_what_cannot_be_compared_is_not() -> None:
    told = best(resume("Python"), POSTS, Weights(), bounds=TWO, known={})
    assert [other.id.int for other, _ in told] == [2, 3]
    assert best(resume("Python"), [POSTS[3]], Weights(), bounds=TWO, known={}) == []


def test_what_was_told_is_told_again_where_its_numbers_are_others_and_else_not() -> None:
    known = {other.id: said(match) for other, match in best(resume("Python"), POSTS, Weights(), bounds=TWO, known={})}
    assert best(resume("Python"), POSTS[:3], Weights(), bounds=TWO, known=known) == []
    learnt = best(resume("Python", "Go"), POSTS[:3], Weights(), bounds=TWO, known=known)
    assert [other.id.int for other, _ in learnt] == [3]
    lost = best(resume("Kotlin"), POSTS[:3], Weights(), bounds=replace(TWO, told=0), known=known)
    assert sorted(other.id.int for other, _ in lost) == [2, 3]


def test_the_best_pairs_of_a_post_are_told_again_as_its_words_may_have_moved() -> None:
    own = resume("Python")
    known = {own.id: said(best(own, POSTS[:1], Weights(), bounds=TWO, known={})[0][1])}
    assert [other.id for other, _ in best(POSTS[0], [own], Weights(), bounds=TWO, known=known)] == [own.id]
