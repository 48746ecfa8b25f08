"""What holds for masking any text: places add up, nothing is left to mask, and it is the same each time."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from hirehub.services.ai.masking.finding import ENGLISH, KOREAN, Kind
from hirehub.services.ai.masking.mask import Masked, is_korean, mask

PIECES = (
    "성명: 홍길동",
    "홍길동 과장은",
    "Name: Jane Doe",
    "Dear Mr. Doe,",
    "010-0000-0000",
    "+1 (212) 555-0100",
    "someone@example.com",
    "someone [at] example.com",
    "주소: 서울특별시 중구 세종대로 110",
    "123 Example Street, Springfield, IL 62701",
    "000101-3000000",
    "4111 1111 1111 1111",
    "생년월일: 1990-01-01",
    "만 28세",
    "성별: 여",
    "192.0.2.10",
    "2001:db8:0:0:0:0:0:1",
    "github.com/someone",
    "사업자등록번호 000-00-00000",
    "계좌: 000-000-000000",
    "2019.03 ~ 2023.08",
    "Python 3.11",
    "성명\t홍 길동 洪吉童",
    "남 / 미혼",
    "주소\n서울시 중구 명동",
    "References:\nJane Doe, Engineer",
    "RESUME\nHong, Gil-dong",
    "[이름]",
    "[phone]",
    "\u200b",
    "\ue000",
    "\x00",
    "\r\n",
    "０１０",
    "담당자",
    "홍",
    "길동",
    "씨",
    ":",
    ",",
    "-",
    "(",
    ")",
    "1",
    "01",
    "@",
    ".",
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).flatmap(
        lambda pieces: st.lists(
            st.sampled_from(["", " ", "\n", ", ", "\t"]), min_size=len(pieces), max_size=len(pieces)
        ).map(lambda gaps: "".join(piece + gap for piece, gap in zip(pieces, gaps, strict=True)))
    ),
    st.text(max_size=80),
)


def words(text: str) -> dict[Kind, str]:
    """The masks of a text."""
    return {kind: f"[{word}]" for kind, word in (KOREAN if is_korean(text) else ENGLISH).items()}


def restored(text: str, masked: Masked) -> str:
    """The masked text with what came put back, found by the places of the findings alone."""
    parts: list[str] = []
    at = 0
    for one in masked.findings:
        begin = masked.masked(one.start)
        parts += [masked.text[at:begin], text[one.start : one.end]]
        at = begin + len(words(text)[one.kind])
    return "".join([*parts, masked.text[at:]])


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_putting_the_values_back_gives_the_text(text: str) -> None:
    masked = mask(text)
    assert restored(text, masked) == text
    change = sum(len(words(text)[one.kind]) - one.length for one in masked.findings)
    assert len(masked.text) == masked.size + change == len(text) + change


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text)
    again = mask(once.text)
    assert (again.text, again.findings) == (once.text, ())


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_findings_are_in_order_and_apart(text: str) -> None:
    findings = mask(text).findings
    assert all(0 <= one.start < one.end <= len(text) for one in findings)
    assert all(one.end <= other.start for one, other in itertools.pairwise(findings))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_places_lead_there_and_back(text: str) -> None:
    masked = mask(text)
    taken = {place for one in masked.findings for place in range(one.start, one.end)}
    for place in range(len(text)):
        if place in taken:
            assert masked.text[masked.masked(place)] == "["
        else:
            assert masked.text[masked.masked(place)] == text[place]
            assert masked.original(masked.masked(place)) == place


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_masks(text: str) -> None:
    assert mask(text) == mask(text)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_masks_in_a_text_are_left_as_they_are(text: str) -> None:
    masked = mask(f"{text}\n[이름] [phone]")
    assert masked.text.endswith("[이름] [phone]")
