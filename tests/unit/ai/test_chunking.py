"""Long texts are cut where people would, in order, with nothing lost before the bound on pieces."""

from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.embedding.chunking import MOST, PIECE, chunks, weight


def without_blanks(text: str) -> str:
    return "".join(text.split())


def test_a_short_text_is_one_piece_and_blanks_are_none() -> None:
    assert chunks("  Backend developer, 5 years.\n") == ["Backend developer, 5 years."]
    assert chunks(" \n\t ") == []


def test_a_text_is_cut_between_paragraphs_before_lines_sentences_and_words() -> None:
    paragraph = "One two three.\nFour five six."
    assert chunks(f"{paragraph}\n\n{paragraph}", tokens=10) == [paragraph, paragraph]
    assert chunks(paragraph, tokens=5) == ["One two three.", "Four five six."]
    assert chunks("One two. Three four.", tokens=4) == ["One two.", "Three four."]
    assert chunks("one two three four", tokens=2) == ["one two", "three four"]
    assert chunks("가나다라마", tokens=4) == ["가나", "다라", "마"]


def test_a_paragraph_past_the_half_of_a_piece_begins_a_new_one() -> None:
    assert chunks("one two three\n\nfour\n\nfive six", tokens=5) == ["one two three", "four\n\nfive six"]
    assert chunks("one two\n\nthree\n\nfour five six", tokens=5) == ["one two\n\nthree", "four five six"]


@given(st.text(alphabet=st.sampled_from("ab9 .!\n가각漢é'"), max_size=400), st.integers(4, 40))
def test_pieces_hold_every_letter_in_order_and_fit(text: str, tokens: int) -> None:
    pieces = chunks(text, tokens=tokens, most=1000)
    assert without_blanks("".join(pieces)) == without_blanks(text)
    assert all(0 < weight(piece) <= tokens for piece in pieces)


def test_an_endless_text_gives_a_bounded_number_of_pieces() -> None:
    pieces = chunks("word " * 200_000)
    assert len(pieces) == MOST
    assert all(weight(piece) <= PIECE for piece in pieces)
