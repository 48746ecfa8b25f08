"""Forms without colons: labels and values parted by tabs, line feeds or blanks, and rows of values alone."""

import pytest

from hirehub.services.ai.masking.finding import Kind
from hirehub.services.ai.masking.mask import mask

CELLS = [
    ("성별\t{남}", Kind.GENDER),
    ("성별\n{여}", Kind.GENDER),
    ("성별 {남}", Kind.GENDER),
    ("Gender\t{Male}", Kind.GENDER),
    ("나이\t{34}", Kind.AGE),
    ("나이\n{34}", Kind.AGE),
    ("결혼여부\t{미혼}", Kind.MARITAL),
    ("Marital status\t{Single}", Kind.MARITAL),
    ("국적\t{대한민국}", Kind.NATIONALITY),
    ("Nationality\t{Korean}", Kind.NATIONALITY),
    ("생년월일\n{1990.01.01}", Kind.BIRTH),
    ("Date of Birth\t{1990-01-01}", Kind.BIRTH),
    ("{1990.01.01} (남)", Kind.BIRTH),
    ("1990.01.01 ({남})", Kind.GENDER),
    ("남자 / {미혼} / 군필", Kind.MARITAL),
    ("주소\t{서울시 중구 명동1동 가나아파트 101동 202호}", Kind.ADDRESS),
    ("주소\n{서울시 중구 명동}", Kind.ADDRESS),
    ("영문\t{Hong Gil Dong}", Kind.NAME),
    ("영문명: {Hong Gil Dong}", Kind.NAME),
    ("이름: 홍길동 / {Gildong Hong}", Kind.NAME),
    ("홍길동({Hong Gil-dong})\nhong@example.com", Kind.NAME),
    ("성명 : 홍길동 한자 : {洪吉童}", Kind.NAME),
    ("영문 | {Hong, Gil-dong}", Kind.NAME),
    ("영문성명: {Hong Gil-dong}", Kind.NAME),
    ("성명: {홍 길동}", Kind.NAME),
    ("성명: {제인 도}", Kind.NAME),
    ("성명: {JANE VAN DOE}", Kind.NAME),
    ("성명: 홍길동 ({洪吉童})", Kind.NAME),
    ("Name\t{Jane Doe}", Kind.NAME),
]
LEFT = [
    "이메일: (Seoul Office)",
    "한자 : 2급",
    "성명\t성별\t나이\t국적\n",
    "성명\n성별\n나이\n국적\n주소\n이메일",
    "성별: 남/여",
    "남, 여 / 미혼, 기혼",
    "서비스 이름: 사내 메신저",
    "국적 불문, 주소 변경 안내",
    "a single gender male (4th) class",
    "Name\tDate of Birth",
]


@pytest.mark.parametrize(("text", "kind"), CELLS)
def test_a_value_in_a_cell_is_found(text: str, kind: Kind) -> None:
    before, _brace, rest = text.partition("{")
    value, _brace, behind = rest.partition("}")
    masked = mask(before + value + behind)
    assert (len(before), len(before) + len(value), kind) in {(one.start, one.end, one.kind) for one in masked.findings}


@pytest.mark.parametrize("text", LEFT)
def test_labels_and_choices_are_left(text: str) -> None:
    assert mask(text).text == text
