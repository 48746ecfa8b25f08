"""Posts as values: years asked, required and preferred skills, work form, remote work, place, languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hirehub.services.ai.parsing.model import PostPart
from hirehub.services.ai.parsing.posts import MOST_LETTERS, PostTooLong, heading_of, parse_post
from hirehub.services.ai.parsing.years import find_years

WHOLE = """소개
자격요건
- Java, Spring Boot 경력 3년 이상
- 영어 의사소통 가능
우대사항
- Kubernetes 경험
근무지: 서울시 강남구
고용형태: 정규직, 주 2회 재택
"""


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("경력 3년 이상", 3, None),
        ("개발 경력 3~7년", 3, 7),
        ("3년차 이상의 개발자", 3, None),
        ("경력 5년 이하", None, 5),
        ("5+ years of experience with Java", 5, None),
        ("3-5 years of work experience", 3, 5),
        ("at least two years of experience", 2, None),
        ("만 3년 이상의 실무 경험", 3, None),
        ("신입 또는 1년 이상", 0, None),
        ("3-5 years of Python", 3, 5),
        ("최소 2년 ~ 최대 6년", 2, 6),
        ("주니어(1-3년)", 1, 3),
        ("경력 무관", 0, None),
        ("신입/경력 모두 지원 가능", 0, None),
    ],
)
def test_the_years_that_a_line_asks_for(words: str, least: int | None, most: int | None) -> None:
    found = find_years("required", words)

    assert found is not None
    assert (found.least, found.most) == (least, most)


@pytest.mark.parametrize(
    "words",
    [
        "4년제 대학 졸업",
        "3년 근속 시 휴가",
        "최근 3년 매출",
        "설립 10년",
        "18 years of age or older",
        "만 19세 이상 근무",
        "재미있게 일하실 분",
    ],
)
def test_other_lengths_ask_for_nothing(words: str) -> None:
    assert find_years("required", words) is None


def test_a_title_tells_before_the_text() -> None:
    found = parse_post({"title": "백엔드 개발자 (5년 이상)", "required": "경력 3년 이상"})

    assert found.years is not None
    assert (found.years.least, found.years.span.part) == (5, "title")


def test_what_is_preferred_asks_for_no_years() -> None:
    assert parse_post({"preferred": "경력 3년 이상"}).years is None


def test_headings_tell_required_from_preferred() -> None:
    found = parse_post({"description": WHOLE})
    skills = {skill.name: skill.preferred for skill in found.skills}

    assert {name: skills[name] for name in ("Java", "Spring Boot", "Kubernetes")} == {
        "Java": False,
        "Spring Boot": False,
        "Kubernetes": True,
    }


def test_a_whole_text_tells_form_place_and_language() -> None:
    found = parse_post({"description": WHOLE})
    asked = (found.work_form, found.remote, found.place, *found.languages)

    assert [one and one.value for one in asked] == ["full-time", "hybrid", "서울", "English"]


def test_what_a_post_does_not_say_is_absent() -> None:
    found = parse_post({"description": "함께 일할 분을 찾습니다"})

    assert (found.skills, found.years, found.work_form, found.remote, found.place) == ((), None, None, None, None)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[자격요건]", "required"),
        ("■ 우대사항", "preferred"),
        ("Nice to have:", "preferred"),
        ("Minimum qualifications", "required"),
        ("주요업무", "tasks"),
        ("복지 및 혜택", "benefits"),
        ("[이런 경험이 있으시면 더욱 좋습니다.]", "preferred"),
        ("이런 분이라면 더 좋아요.", "preferred"),
        ("있으면 좋은 역량", "preferred"),
        ("Bonus if you have", "preferred"),
        ("좋은 동료와 함께 일해요.", None),
        ("우대사항에 해당하는 분은 지원서에 자세히 적어 주세요.", None),
    ],
)
def test_a_line_is_a_heading_by_its_words(line: str, kind: PostPart | None) -> None:
    assert heading_of(line) == kind


@pytest.mark.parametrize(
    ("line", "preferred"),
    [
        ("Java 필수, Kotlin 우대", {"Kotlin"}),
        ("Kotlin 우대, Java 필수", {"Kotlin"}),
        ("Strong Java; Kotlin is a plus", {"Kotlin"}),
        ("Must have Java, Kotlin preferred", {"Kotlin"}),
        ("Java, Kotlin, or Docker is a plus", {"Java", "Kotlin", "Docker"}),
        ("Strong Java skills preferred", {"Java"}),
        ("우대: Java, Kotlin", {"Java", "Kotlin"}),
    ],
)
def test_a_skill_is_preferred_by_the_words_of_its_clause(line: str, preferred: set[str]) -> None:
    assert {one.name for one in parse_post({"required": line}).skills if one.preferred} == preferred


@pytest.mark.parametrize(
    ("words", "form", "remote"),
    [
        ("재택근무 불가", None, None),
        ("No remote work. Full-time.", "full-time", None),
        ("not a remote position. On-site only", None, "onsite"),
        ("Remote work is not available", None, None),
        ("계약직 아님, 정규직 채용", "full-time", None),
        ("정규직 (계약직 아님)", "full-time", None),
        ("재택근무, 출장 없음", None, "remote"),
    ],
)
def test_what_a_post_denies_it_does_not_offer(words: str, form: str | None, remote: str | None) -> None:
    found = parse_post({"description": words})

    assert (found.work_form and found.work_form.value, found.remote and found.remote.value) == (form, remote)


def test_a_post_that_is_too_long_is_refused() -> None:
    with pytest.raises(PostTooLong):
        parse_post({"description": "x" * (MOST_LETTERS + 1)})


@given(st.dictionaries(st.sampled_from(["title", "description", "required", "preferred"]), st.text(max_size=200)))
def test_any_post_is_read_the_same_twice_with_places_inside_it(parts: dict[PostPart, str]) -> None:
    found = parse_post(parts)

    assert found == parse_post(parts)
    for span in (span for skill in found.skills for span in skill.spans):
        assert 0 <= span.start < span.end <= len(parts[span.part])
