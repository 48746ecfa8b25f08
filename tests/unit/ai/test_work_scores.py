"""What the work was: positions against titles, words of work on both sides; and never who did it."""

import datetime as dt

import pyarrow.parquet as pq
import pytest

from hirehub.services.ai.parsing.model import PostPart
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.scoring.facts import post_facts, resume_facts
from hirehub.services.ai.scoring.model import Match, PostFacts, ResumeFacts, Weights
from hirehub.services.ai.scoring.scorer import numbers, score
from hirehub.services.ai.work.table import load_work_words
from tests.support.shared import shared_dir

TODAY = dt.date(2024, 6, 15)
NURSE: dict[PostPart, str] = {
    "title": "Registered Nurse",
    "description": "Care for patients on the ward, give medication, write care plans with physicians and therapists.",
}
COOK: dict[PostPart, str] = {"title": "조리사", "tasks": "주방에서 조리와 재고 관리, 식품 안전, 제과와 제빵"}


def resume(text: str) -> ResumeFacts:
    """The facts of a resume's text."""
    pages = [(1, text)]
    return resume_facts(parse_resume(pages, today=TODAY), pages, today=TODAY)


def post(parts: dict[PostPart, str]) -> PostFacts:
    """The facts of a post's parts."""
    return post_facts(parse_post(parts), parts)


def job(position: str, done: str, first: str = "01/2018 - 12/2022") -> str:
    """A resume of one job."""
    return f"Experience\n{first}\n{position} | Example Company\n{done}\n"


TEXT = job("Nursing Assistant", "Cared for patients, medication and care plans with therapists.")


def match(text: str, parts: dict[PostPart, str]) -> Match:
    """The score of a text and a post, in English."""
    return score(resume(text), post(parts), Weights(), language="en")


def test_a_nursing_assistant_is_nearer_to_a_nurse_than_a_technician_and_the_places_are_cited() -> None:
    near = match(TEXT, NURSE)
    far = match(
        job("Maintenance Technician", "Welded steel pipes, read drawings, maintained machines and tools."), NURSE
    )
    role = next(one for one in near.evidence if one.rule == "role")

    assert near.experience is not None
    assert far.experience is not None
    assert near.experience > far.experience + 30
    assert near.rank < far.rank
    assert role.words == "Registered, Nurse"
    assert [TEXT[span.start : span.end] for span in role.spans] == ["Assistant", "Nursing"]


def test_words_of_the_work_are_cited_on_both_sides() -> None:
    text = job("Nursing Assistant", "Cared for patients, medication and care plans with therapists.")
    found = next(one for one in match(text, NURSE).evidence if one.rule == "work_words")

    assert {"patients", "medication", "therapists"} <= {text[span.start : span.end] for span in found.spans}
    assert {NURSE["description"][one.start : one.end] for one in found.post_spans} >= {"patients", "medication"}


def test_a_korean_post_finds_the_kind_of_work_in_an_english_resume() -> None:
    cook = match(job("Line Cook", "Kitchen work, pastry and baking, food safety, stock."), COOK)
    clerk = match(job("Payroll Clerk", "Payroll, tax and bookkeeping for the offices."), COOK)

    assert cook.rank < clerk.rank


@pytest.mark.parametrize(
    ("one", "other"),
    [("Waiter", "Waitress"), ("Salesman", "Saleswoman"), ("Host", "Hostess")],
)
def test_words_for_men_and_women_of_an_occupation_score_alike(one: str, other: str) -> None:
    parts: dict[PostPart, str] = {"title": "Restaurant Waiter and Sales Foreman", "description": "Host guests, sell."}
    scored = [
        match(job(word, "He served guests." if word == one else "She served guests."), parts) for word in (one, other)
    ]

    assert scored[0].rank == scored[1].rank


def test_what_a_resume_is_headed_with_counts_and_the_latest_position_where_nothing_is() -> None:
    done = "Cared for patients as a nurse, then sold phones in a shop."
    jobs = "Experience\n01/2020 - 12/2022\nShop Assistant | Example Company\n" + done
    headed, plain = match(f"Registered Nurse\n\n{jobs}", NURSE), match(jobs, NURSE)
    [cited] = [one for one in headed.evidence if one.rule == "headline"]

    assert headed.rank < plain.rank
    assert ["Registered Nurse\n"[span.start : span.end] for span in cited.spans] == ["Nurse"]
    assert f"headed with is {int(cited.share * 100)}% alike to the title (Registered, Nurse)" in headed.reasoning
    assert [one.rule for one in plain.evidence if one.rule in {"headline", "latest"}] == ["latest"]
    assert "The latest position is " in plain.reasoning


@pytest.mark.parametrize("top", ["Karen Nurse", "간호", "nurse@example.com", "Name: Nurse", "I am a registered nurse."])
def test_a_name_at_the_top_is_no_headline(top: str) -> None:
    text = job("Payroll Clerk", "Payroll, tax and bookkeeping for the offices.")

    assert not resume(f"{top}\n\n{text}").headline


@pytest.mark.parametrize("name", ["Karen Baker", "Karen M. Cook", "김제빵", "Karen Smith"])
def test_a_name_changes_no_number_even_of_who_works_as_it_says(name: str) -> None:
    text = job("Baker and Cook", "Baked bread, cooked meals. 제빵")

    assert numbers(resume(f"{name}\n\n{text}"), post(COOK), Weights()) == numbers(resume(text), post(COOK), Weights())


WHO = [
    "John Smith, Senior Payroll Clerk",
    "Thuy Nguyen, Senior Payroll Clerk",
    "[name], Senior Payroll Clerk",
    "Ms. Emily Johnson, Senior Payroll Clerk",
    "Mason Cook, Senior Payroll Clerk (she/her)",
    "Emily Johnson, female, married, Senior Payroll Clerk",
    "Senior Payroll Clerk | Stanford University",
    "Senior Payroll Clerk | MIT",
    "Senior Payroll Clerk (여성)",
    "Senior Payroll Clerk (KAIST 졸업)",
    "응우옌 티 투이 급여 담당자",
    "김민준 급여 담당자",
    *("Mason Cook", "Dean Baker", "Art Law", "Grant Banks", "Art Carpenter"),
    *("노무현", "전기수", "목수정", "사무엘", "안전희", "설계민", "홍보"),
]


@pytest.mark.parametrize("line", WHO)
def test_who_somebody_is_changes_no_number_wherever_on_the_line_it_stands(line: str) -> None:
    text = job(
        "Payroll Clerk", "Cook, baker, mason, law, bank, carpenter, art. 노무 전기 목수 사무 안전 설계 홍보 급여"
    )
    parts: dict[PostPart, str] = {
        "title": "Senior Payroll Clerk 노무 전기 목수 사무 안전 설계 홍보",
        "description": text,
    }
    without = numbers(resume(f"-\n\n{text}"), post(parts), Weights())

    assert numbers(resume(f"{line}\n\n{text}"), post(parts), Weights()) == without


@pytest.mark.parametrize(
    "line", ["Senior Payroll Clerk", "PAYROLL AND TAX SPECIALIST", "급여 사무원", "백엔드 서버 개발자"]
)
def test_a_line_of_work_alone_is_a_headline(line: str) -> None:
    text = job("Payroll Clerk", "Payroll and tax specialist. 급여 사무원 백엔드 서버 개발자")

    assert resume(f"{line}\n\n{text}").headline


def test_words_of_rank_tell_less_than_words_of_work() -> None:
    parts: dict[PostPart, str] = {"title": "Senior Nurse"}
    nurse, accountant = (match(job(word, "Work."), parts) for word in ("Junior Nurse", "Senior Accountant"))

    assert nurse.rank < accountant.rank


@pytest.mark.parametrize(
    ("title", "near", "far"),
    [
        ("Java Developer", "Python Programmer", "Real Estate Developer"),
        ("Information Technology Specialist", "Network Administrator", "Information Clerk"),
        ("상품기획 MD", "Merchandise Buyer", "Physician"),
        ("세일즈 매니저", "Sales Representative", "Laboratory Technician"),
    ],
)
def test_a_title_is_nearer_to_a_position_of_its_kind(title: str, near: str, far: str) -> None:
    one, other = (match(job(position, "Work."), {"title": title}) for position in (near, far))

    assert one.rank < other.rank


def test_every_word_of_the_own_list_stands_for_words_of_the_table() -> None:
    table = load_work_words()
    pairs = {(first, second): forms for first, rest in table.pairs.items() for second, forms in rest.items()}
    for words in (table.short, table.korean_short, table.english, pairs, table.korean):
        for word, forms in words.items():
            assert set(forms) <= table.weights.keys(), word
            assert any(table.groups[form] for form in forms), word


def test_schools_persons_and_gaps_of_real_resumes_change_no_number() -> None:
    rows = pq.read_table(shared_dir() / "data" / "resumes" / "livecareer.parquet", columns=["text"]).to_pylist()[::40]
    posts = [post(NURSE), post(COOK), post({"title": "Software Engineer", "required": "Java, SQL, teaching, retail"})]
    told = 0
    for row in rows:
        text = row["text"]
        read = parse_resume([(1, text)], today=TODAY)
        swapped = text
        schools = [(span, one.school) for one in read.educations if one.school for span in one.spans]
        for span, school in sorted(schools, reverse=True):
            inside = text[span.start : span.end].replace(school, "Nursing Engineering College")
            swapped = swapped[: span.start] + inside + swapped[span.end :]
            told += inside != text[span.start : span.end]
        swapped = "Name: Nurse Baker\nGender: female\nAge: 59\nMarital status: divorced\n" + swapped
        for one in posts:
            assert numbers(resume(text), one, Weights()) == numbers(resume(swapped), one, Weights())
    assert told > 5


NAMES = ["Taylor Cook", "Ana Sales", "Charity Teacher", "Oracle Kim", "Julia Scala", "Sarah Jenkins", "Cook, Taylor"]
SCHOOLS = ["한국대학교", "KAIST", "육군사관학교", "Oracle University", "Java"]


def test_names_and_schools_that_nothing_knows_change_no_number_of_real_resumes() -> None:
    rows = pq.read_table(shared_dir() / "data" / "resumes" / "livecareer.parquet", columns=["text"]).to_pylist()[::200]
    posts = [
        post({"title": "Cook", "required": "Cooking, Oracle, Scala, teaching, sales, Computer Science, charity"}),
        post({"title": "DevOps Engineer", "required": "Jenkins, Julia, SQL", "preferred": "컴퓨터공학 전공"}),
    ]
    for row in rows:
        texts = [f"{name}\n{row['text']}" for name in ("Emily Smith", *NAMES)]
        studied = "\nEducation\n2009.03 ~ 2015.02\t{}\t컴퓨터공학과\nComputer Science\n"
        texts += [f"Emily Smith\n{row['text']}{studied.format(school)}" for school in SCHOOLS]
        told = [[numbers(facts, one, Weights()) for one in posts] for facts in map(resume, texts)]
        assert [texts[at].split("\n", 1)[0] for at in range(len(NAMES) + 1) if told[at] != told[0]] == []
        assert all(one == told[-1] for one in told[len(NAMES) + 1 :])


@pytest.mark.parametrize("school", SCHOOLS)
def test_a_school_without_a_heading_changes_no_number(school: str) -> None:
    asked = post({"title": "Payroll Clerk", "required": "Java, Oracle, Computer Science"})
    told = [
        numbers(resume(f"2009.03 ~ 2015.02\t{name}\t컴퓨터공학과\n\n{TEXT}"), asked, Weights())
        for name in ("한국대학교", school)
    ]

    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("top", "skills"),
    [
        ("Java, Python, SQL", {"Java", "Python", "SQL"}),
        ("Machine Learning", {"Machine Learning"}),
        ("백엔드 개발자", {"Back-end Development"}),
        ("Emily Smith | Seoul | Python", {"Python"}),
        ("Emily Smith\nJava, Python", {"Java", "Python"}),
        ("Emily Smith\nI have built servers in Java for ten years and lead a team.", {"Java"}),
        ("Emily Smith\nCooking, Excel and Oracle", {"Cooking", "Excel", "Oracle"}),
    ],
)
def test_skills_above_the_first_heading_count(top: str, skills: set[str]) -> None:
    assert skills <= {one.name for one in resume(f"{top}\n\n{TEXT}").skills}


def test_numbers_without_evidence_are_those_of_the_score() -> None:
    facts, asked = resume(job("Nurse", "Patients, medication, Excel and nursing care plans.")), post(NURSE)
    whole, cheap = score(facts, asked, Weights(), language="ko"), numbers(facts, asked, Weights())

    assert {name: getattr(whole, name) for name in vars(cheap)} == vars(cheap)
