"""What is seen of a text."""

import pytest
from pydantic import TypeAdapter, ValidationError

from hirehub.kernel.http.shapes import Line100

TAKEN = TypeAdapter(Line100).validate_python


@pytest.mark.parametrize(
    "text",
    [
        "Cook",
        "요리사",
        "C++",
        "🍳",
        "👩\u200d🍳 요리사",
        "❤\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم",
        "طباخ\u200f (2)",
        "क्\u200dष",
        "ᄏ\u1160",
    ],
    ids=ascii,
)
def test_a_line_that_people_write_is_taken_as_it_is(text: str) -> None:
    assert TAKEN(text) == text


@pytest.mark.parametrize(
    "text",
    ["\u200b", "\u3164", "\uffa0 \u115f\u1160", "\u2800\u2800", "\u200d\ufe0f", "\u0301", "\u00ad\ufeff", "\U000e0041"],
    ids=ascii,
)
def test_a_line_of_which_nothing_is_seen_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="at least one visible letter"):
        TAKEN(text)


@pytest.mark.parametrize("letter", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", ids=ascii)
def test_a_line_that_turns_what_follows_is_refused(letter: str) -> None:
    with pytest.raises(ValidationError, match="direction"):
        TAKEN(f"Cook {letter}moc.elpmaxe")
