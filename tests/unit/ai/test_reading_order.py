"""Columns of a PDF are read one after the other; tables, labels and dates in the margin stay in their lines."""

import pytest

from hirehub.services.ai.text import pdf
from hirehub.services.ai.text.limits import Limits
from tests.support import documents as made

SIDE = [
    "CONTACT",
    "me@example.com",
    "+1 415 555 0132",
    "Oakland, CA",
    "SKILLS",
    "Python",
    "PostgreSQL",
    "Docker",
    "EDUCATION",
    "B.S. Physics",
    "State University",
    "2010 - 2014",
]
MAIN = [
    "EXPERIENCE",
    "Backend Developer",
    "Acme Technologies, Jan 2018 - Present",
    "Built services in Go that serve two million",
    "users a day with low latency.",
    "QA Engineer",
    "Beta Systems, Jun 2014 - Dec 2017",
    "Wrote tests for the whole company.",
    "PROJECTS",
    "Home weather station",
]
ACROSS = "A long line of a paragraph that runs across the whole of the page, from its left edge to its right one."
KOREAN_SIDE = [
    "연락처",
    "me@example.com",
    "서울시 강남구",
    "보유기술",
    "파이썬",
    "자바",
    "학력",
    "한국대학교",
    "2009.03 ~ 2015.02",
]
KOREAN_MAIN = [
    "경력사항",
    "백엔드 개발자",
    "2019.03 ~ 현재",
    "결제 시스템을 설계하고 구현",
    "프로젝트",
    "사내 배포 시스템",
]
KOREAN_FORM = [
    *("성명|홍길동|영문|Hong", "학력|대졸|경력|5년", "연락처|없음|이메일|me@example.com", "자격증|기사|기술|자바"),
    *("경력|5년|학력|대졸", "주소|서울|나이|34"),
]


def column(left: float, top: float, lines: list[str], pitch: float = 14) -> list[made.Piece]:
    """Lines below each other; an empty one leaves a gap."""
    return [(left, top - pitch * at, text) for at, text in enumerate(lines) if text]


def rows(places: list[float], table: list[str], top: float = 700) -> list[made.Piece]:
    """Lines of cells."""
    cells = [
        (at, place, text) for at, row in enumerate(table) for place, text in zip(places, row.split("|"), strict=True)
    ]
    return [(place, top - 14 * at, text) for at, place, text in cells if text]


def texts(pages: list[list[made.Piece]]) -> list[list[str]]:
    """The lines of text of each page."""
    return [page.split("\n") for page in pdf.read(made.pdf(pages, size=9), Limits())]


NAME = [(40.0, 740.0, "Jane Roe"), (40.0, 726.0, "Backend Developer")]
NAMED = [text for _left, _top, text in NAME]
COLUMNS: dict[str, tuple[list[made.Piece], list[str]]] = {
    "left sidebar": (NAME + column(40, 700, SIDE) + column(220, 700, MAIN), NAMED + SIDE + MAIN),
    "written from the right": (NAME + column(220, 700, MAIN) + column(40, 700, SIDE), NAMED + SIDE + MAIN),
    "written row by row": (
        sorted(column(40, 700, SIDE) + column(220, 700, MAIN), key=lambda one: -one[1]),
        SIDE + MAIN,
    ),
    "other baselines": (column(40, 700, SIDE) + column(220, 695, MAIN), SIDE + MAIN),
    "another pitch": (column(40, 700, SIDE, 18) + column(220, 700, MAIN, 13), SIDE + MAIN),
    "halves": (column(40, 700, SIDE) + column(306, 700, MAIN), SIDE + MAIN),
    "right sidebar": (NAME + column(40, 700, MAIN) + column(460, 700, SIDE, 11), NAMED + MAIN + SIDE),
    "name above the right column": (
        column(40, 690, SIDE) + column(220, 740, NAMED) + column(220, 700, MAIN),
        NAMED + SIDE + MAIN,
    ),
    "lines across above and below": (
        [(40, 740, ACROSS), *column(40, 700, SIDE), *column(220, 700, MAIN), *column(40, 500, ["SUMMARY", ACROSS])],
        [ACROSS, *SIDE, *MAIN, "SUMMARY", ACROSS],
    ),
    "headings that nobody knows": (
        column(40, 700, ["GET IN TOUCH", *SIDE[1:4], "WHAT I KNOW", *SIDE[5:8], "STUDIES", *SIDE[9:]])
        + column(220, 700, MAIN),
        ["GET IN TOUCH", *SIDE[1:4], "WHAT I KNOW", *SIDE[5:8], "STUDIES", *SIDE[9:], *MAIN],
    ),
    "a table below": (
        column(40, 700, MAIN) + column(400, 700, SIDE) + rows([40, 180, 400], ["A|B|C", "D|E|F", "G|H|I"], 480),
        [*MAIN, *SIDE, "A\tB\tC", "D\tE\tF", "G\tH\tI"],
    ),
    "bullets that wrap": (
        column(40, 700, SIDE) + column(220, 700, [*MAIN, "- Led a team", ""]) + column(230, 546, ["of four"]),
        [*SIDE, *MAIN, "- Led a team", "of four"],
    ),
    "three lists at the end": (
        rows([40, 500], ["Engineer, Acme|2018 - now", "Tester, Beta|2014 - 2017"], 740)
        + rows(
            [40, 220, 400], ["SKILLS|LANGUAGES|HOBBIES", "Go|Korean|Chess", "SQL|French|Running", "C|English|Music"]
        ),
        [
            "Engineer, Acme\t2018 - now",
            "Tester, Beta\t2014 - 2017",
            "SKILLS",
            "Go",
            "SQL",
            "C",
            "LANGUAGES",
            "Korean",
            "French",
            "English",
            "HOBBIES",
            "Chess",
            "Running",
            "Music",
        ],
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_with_headings_are_read_one_after_the_other(name: str) -> None:
    pieces, wanted = COLUMNS[name]
    assert texts([pieces]) == [wanted]


ROWS: dict[str, tuple[list[float], list[str]]] = {
    "dates on the right": (
        [40, 480],
        [
            "EXPERIENCE|",
            "Acme|Jan 2018 - now",
            "Beta|2014 - 2017",
            "EDUCATION|",
            "State University|2010 - 2014",
            "MIT|2009",
        ],
    ),
    "dates on the left": (
        [40, 170],
        [
            "EXPERIENCE|",
            "01/2018 - now|Engineer, Acme",
            "|Built services",
            "2014 - 2017|Tester",
            "SKILLS|",
            "|Languages",
        ],
    ),
    "headings in the margin": (
        [40, 170],
        [
            "EXPERIENCE|Engineer, Acme",
            "|Built services",
            "EDUCATION|MIT",
            "SKILLS|Languages",
            "|Go",
            "|Tools",
            "HOBBIES|Go",
        ],
    ),
    "labels": ([40, 170], ["Name:|Jane Roe", "Education:|MIT", "Skills:|Tools", "Phone:|none", "Place:|Oakland"]),
    "a table of skills": ([40, 240], ["Skills|Experience", "Go|5 years", "SQL|3 years", "C|6 months", "Rust|1 year"]),
    "skills in three": (
        [40, 220, 400],
        ["SKILLS||", "Go|SQL|C", "Rust|Java|Ada", "Bash|Awk|Perl", "Git|Jira|Word", "A|B|D"],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_stands_beside_something_stays_in_its_line(name: str) -> None:
    places, table = ROWS[name]
    assert texts([rows(places, table)]) == [[row.strip("|").replace("|", "\t") for row in table]]


def test_columns_go_on_behind_their_page_without_headings() -> None:
    side, main = SIDE[5:8] + SIDE[9:11], MAIN[1:8]
    first = column(40, 700, SIDE) + column(220, 700, MAIN)
    behind = column(40, 740, side) + column(220, 740, main)
    assert texts([first, behind])[1] == side + main
    assert texts([behind])[0] != side + main


def test_korean_columns_are_read_one_after_the_other_and_forms_row_by_row() -> None:
    columns = made.unicode_page(column(40, 700, KOREAN_SIDE, 20) + column(300, 700, KOREAN_MAIN, 20))
    assert pdf.read(columns, Limits())[0].split("\n") == KOREAN_SIDE + KOREAN_MAIN
    form = made.unicode_page(rows([40, 160, 300, 420], KOREAN_FORM))
    assert pdf.read(form, Limits())[0].split("\n") == [row.replace("|", "\t") for row in KOREAN_FORM]
