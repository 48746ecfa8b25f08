"""Skills in text: word bounds in both scripts, case rules, doubtful names, and the taxonomy's own order."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.skills.finder import load_finder
from hirehub.services.ai.skills.taxonomy import BadTaxonomy, Skill, Taxonomy, load_taxonomy, parse_skills

_SPELLINGS = sorted({one for skill in load_taxonomy().skills.values() for one in skill.spellings})


def named(text: str) -> list[str]:
    """The names of the skills of a text, in order."""
    return [found.skill for found in load_finder().find(text)]


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("javascript and java", ["JavaScript", "Java"]),
        ("C++, C#, .NET, Go, R, Node.js, CI/CD", ["C++", "C#", ".NET", "Go", "R", "Node.js", "CI/CD"]),
        ("Java8, Python3 및 HTML5", ["Java", "Python", "HTML"]),
        ("ASP.NET Core 위에서", ["ASP.NET"]),
        ("SpringBoot와 ReactNative", ["Spring Boot", "React Native"]),
        ("kubernetes/K8S", ["Kubernetes", "Kubernetes"]),
        ("html, css, javascript, react", ["HTML", "CSS", "JavaScript", "React"]),
        ("M&A and R&D", ["Mergers and Acquisitions", "Research and Development"]),
        ("We use Go and Rust daily", ["Go", "Rust"]),
        ("Skills: C/C++, Linux", ["C", "C++", "Linux"]),
        ("c,c++,java", ["C", "C++", "Java"]),
        ("GO, java, PYTHON", ["Go", "Java", "Python"]),
        ("JS, TS, React", ["JavaScript", "TypeScript", "React"]),
        ("Backend engineer(Go)", ["Back-end Development", "Go"]),
        ("Excel, Word, PowerPoint", ["Excel", "Microsoft Word", "PowerPoint"]),
    ],
)
def test_names_in_latin_letters_are_found(text: str, skills: list[str]) -> None:
    assert named(text) == skills


@pytest.mark.parametrize(
    "text",
    [
        "an R&R budget and C-level talks",
        "ready to go to market, Go live in May",
        "the Rust belt in spring",
        "our site.net and mail.net",
        "résumé C",
        "excel at what you do",
        "People react to news; express yourself",
        "access to the building, a word of thanks",
        "gosling, rubyesque, scalable",
        "Series C 투자를 받은 회사",
        "비타민 C를 활용한 제품",
        "vitamin C",
        "Spring season",
        "I managed R and C budgets",
        "TS/SCI clearance",
    ],
)
def test_everyday_words_are_no_skills(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("자바를 쓰고 파이썬으로 옮긴다", ["Java", "Python"]),
        ("React와 Vue를", ["React", "Vue"]),
        ("백엔드자바개발자", ["Back-end Development", "Java"]),
        ("스프링부트, 스프링 부트로", ["Spring Boot", "Spring Boot"]),
        ("쿠버네티스 위의 도커컨테이너", ["Kubernetes", "Docker"]),
        ("데이터분석을 하는 데이터 분석가", ["Data Analysis", "Data Analysis"]),
        ("DB설계를 한다", ["Database Design"]),
        ("생성형 AI를 쓴다", ["Generative AI"]),
        ("C언어 능숙", ["C"]),
        ("R을 활용한 데이터 분석", ["R", "Data Analysis"]),
        ("R로 분석", ["R"]),
        ("C를 이용한 펌웨어 개발", ["C", "Firmware"]),
        ("C 개발 경험 3년", ["C"]),
        ("기술\n- Go\n- 협업", ["Go", "Teamwork"]),
        ("번역하고 용접하며", ["Translation", "Welding"]),
    ],
)
def test_korean_names_bear_particles_and_compounds(text: str, skills: list[str]) -> None:
    assert named(text) == skills


@pytest.mark.parametrize(
    "text", ["스프링클러 점검", "인사이트를 얻는다", "영업이익이 늘었다", "자바섬 여행", "고객과 알맞은 뷰"]
)
def test_longer_korean_words_are_no_skills(text: str) -> None:
    assert named(text) == []


def test_a_find_tells_its_place_and_whether_it_is_the_name() -> None:
    text = "We run Kubernetes (쿠버네티스)"

    name, alias = load_finder().find(text)

    assert (text[name.start : name.end], name.how) == ("Kubernetes", "name")
    assert (text[alias.start : alias.end], alias.how) == ("쿠버네티스", "alias")


def test_letters_that_grow_in_lower_case_do_not_move_places() -> None:
    text = "İİİ Python"

    (found,) = load_finder().find(text)

    assert text[found.start : found.end] == "Python"


def test_a_name_that_is_too_common_for_text_still_answers_a_question() -> None:
    skill = load_taxonomy().named(" 고 ")

    assert skill is not None
    assert skill.name == "Go"


def test_a_relation_of_two_steps_is_the_product_of_both() -> None:
    implied = load_taxonomy().implied("Spring Boot")

    assert implied["Spring"] == Fraction(95, 100)
    assert implied["Java"] == Fraction(95, 100) * Fraction(80, 100)


def test_a_circle_of_relations_ends() -> None:
    circle = [Skill("One", "tool", implies={"Two": 90}), Skill("Two", "tool", implies={"One": 90})]

    taxonomy = Taxonomy(circle, "")

    assert taxonomy.implied("One") == {"Two": Fraction(9, 10)}


@pytest.mark.parametrize(
    "skills",
    [
        [Skill("One", "tool"), Skill("One", "method")],
        [Skill("One", "tool", also=("two",)), Skill("Two", "tool")],
        [Skill("One", "tool", implies={"None": 50})],
    ],
)
def test_a_taxonomy_that_contradicts_itself_is_refused(skills: list[Skill]) -> None:
    with pytest.raises(BadTaxonomy):
        Taxonomy(skills, "")


@pytest.mark.parametrize("document", [{"colour": {}}, {"tool": {"One": {"alias": ["two"]}}}])
def test_a_file_with_unknown_words_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(BadTaxonomy):
        list(parse_skills("x.toml", document))


@given(st.sampled_from(_SPELLINGS))
def test_every_spelling_leads_to_its_skill(spelling: str) -> None:
    taxonomy = load_taxonomy()
    skill = taxonomy.named(spelling)

    assert skill is not None
    assert spelling in skill.spellings


@given(
    st.text(max_size=200) | st.lists(st.sampled_from([*_SPELLINGS, " ", ", ", "를", "\n"]), max_size=12).map("".join)
)
def test_finds_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = load_finder().find(text)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert found == load_finder().find(text)
