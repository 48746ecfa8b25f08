"""Each kind of personal data is found in the shapes in which people write it, and nothing else is."""

import pytest

from hirehub.kernel.errors import LimitExceeded
from hirehub.services.ai.masking.finding import Kind
from hirehub.services.ai.masking.mask import MOST_CHARACTERS, mask, mask_pages

FOUND: dict[str, tuple[Kind, str]] = {
    "주민등록번호: {000101-3000000}": (Kind.RESIDENT, "resident number"),
    "번호 {000101 - 3000000} 확인": (Kind.RESIDENT, "with blanks"),
    "주민번호 {0001013000000}": (Kind.RESIDENT, "without a hyphen"),
    "주민등록번호: {000101-3******}": (Kind.RESIDENT, "half covered"),
    "주민등록번호({000101.3000000})": (Kind.RESIDENT, "resident number"),
    "주민등록번호: {00 01 01 - 3000000}": (Kind.RESIDENT, "resident number"),
    "주민번호 {000101-●●●●●●●}": (Kind.RESIDENT, "resident number"),
    "외국인등록번호 {000101-5000000}": (Kind.FOREIGNER, "foreigner"),
    "여권번호는 {M00000000}이며": (Kind.PASSPORT, "passport"),
    "Passport No: {M00000000}": (Kind.PASSPORT, "English passport"),
    "면허 {11-00-000000-00}": (Kind.LICENCE, "driver's licence"),
    "SSN {123-45-6789}": (Kind.SOCIAL, "social security"),
    "연락처: {010-0000-0000}": (Kind.PHONE, "mobile"),
    "연락처 {010.0000.0000}": (Kind.PHONE, "dots"),
    "연락처 {010 0000 0000}": (Kind.PHONE, "blanks"),
    "연락처 {01000000000}입니다": (Kind.PHONE, "joined"),
    "전화 {+82 10-0000-0000}": (Kind.PHONE, "country"),
    "전화 {+82-(0)10-0000-0000}": (Kind.PHONE, "country and zero"),
    "집 {02-000-0000}": (Kind.PHONE, "land line"),
    "집 {(02) 000-0000}": (Kind.PHONE, "parentheses"),
    "전화 {０１０-００００-００００}": (Kind.PHONE, "full width"),
    "010–0000–0000 말고 {010—0000—0000}": (Kind.PHONE, "odd dashes"),
    "연락처 {010/0000/0000}": (Kind.PHONE, "slashes"),
    "연락처 {010·0000·0000}": (Kind.PHONE, "dots in the middle"),
    "연락처 {010_0000_0000}": (Kind.PHONE, "low lines"),
    "연락처 {O1O-0000-0000}": (Kind.PHONE, "letters for digits"),
    "연락처 {0 1 0 - 0 0 0 0 - 0 0 0 0}": (Kind.PHONE, "digits apart"),
    "연락처 {010-0000-\n0000}": (Kind.PHONE, "over a line"),
    "연락처 {0082-10-0000-0000}": (Kind.PHONE, "country with zeros"),
    "Phone: {(212) 555-0100}": (Kind.PHONE, "American"),
    "reach me at {+1-212-555-0100 x12}": (Kind.PHONE, "extension"),
    "mobile {+44 20 7946 0000}": (Kind.PHONE, "British"),
    "메일 {someone@example.com}으로": (Kind.EMAIL, "e-mail"),
    "{someone.else+tag@mail.example.co.kr}": (Kind.EMAIL, "tag"),
    "{someone [at] example [dot] com}": (Kind.EMAIL, "spelled"),
    "{someone 골뱅이 example 닷 com} 으로": (Kind.EMAIL, "spelled in Korean"),
    "메일 {someone(골뱅이)example.com}": (Kind.EMAIL, "in parentheses"),
    "메일 {someone<at>example<dot>com}": (Kind.EMAIL, "in angle brackets"),
    "메일 {someone@example,com}": (Kind.EMAIL, "comma"),
    "메일 {someone@\nexample.com}": (Kind.EMAIL, "over a line"),
    "메일 {제갈.무진@example.kr}": (Kind.EMAIL, "Korean letters"),
    "메일 {someone@예시.한국}": (Kind.EMAIL, "Korean domain"),
    "카카오톡 ID {someone91}": (Kind.PROFILE, "messenger"),
    "주소: {서울특별시 중구 세종대로 110, 1동 101호}": (Kind.ADDRESS, "road name"),
    "저는 {경기도 수원시 팔달구 효원로 1} 에 삽니다": (Kind.ADDRESS, "in a sentence"),
    "배송지 {부산시 연제구 연산동 1000-1}": (Kind.ADDRESS, "lot"),
    "I live at {123 Example Street, Apt 4, Springfield, IL 62701}": (Kind.ADDRESS, "English"),
    "{P.O. Box 123}": (Kind.ADDRESS, "box"),
    "성명: {홍길동}": (Kind.NAME, "label"),
    "성    명 : {홍 길 동}": (Kind.NAME, "letters apart"),
    "이름 | {홍길동}": (Kind.NAME, "cell"),
    "담당자: {홍길동} 과장": (Kind.NAME, "title"),
    "개발팀 {홍길동} 대리가 설명했다": (Kind.NAME, "title in a sentence"),
    "{홍길동}님께서 오셨습니다": (Kind.NAME, "honorific"),
    "Name: {Jane Doe}": (Kind.NAME, "English label"),
    "My name is {John Doe} and": (Kind.NAME, "told"),
    "Dear Ms. {Doe},": (Kind.NAME, "greeted"),
    "생년월일: {1990.01.01}": (Kind.BIRTH, "birth date"),
    "{1990년생}": (Kind.BIRTH, "birth year"),
    "Date of birth: {January 1, 1990}": (Kind.BIRTH, "English birth date"),
    "나이: {28세}": (Kind.AGE, "age"),
    "a {28} years old applicant": (Kind.AGE, "English age"),
    "성별: {남}": (Kind.GENDER, "gender"),
    "Gender: {Female}": (Kind.GENDER, "English gender"),
    "결혼여부: {미혼}": (Kind.MARITAL, "marital status"),
    "Marital status: {Single}": (Kind.MARITAL, "English marital status"),
    "국적: {대한민국}": (Kind.NATIONALITY, "nationality"),
    "계좌: 은행 {000-000-000000}": (Kind.ACCOUNT, "account"),
    "IBAN {GB82WEST12345698765432}": (Kind.ACCOUNT, "IBAN"),
    "card {4111 1111 1111 1111}": (Kind.CARD, "card"),
    "카드번호: {0000-****-****-0000}": (Kind.CARD, "covered card"),
    "{https://www.linkedin.com/in/someone}": (Kind.PROFILE, "LinkedIn"),
    "code at {github.com/someone}": (Kind.PROFILE, "GitHub"),
    "학번: {20000000}": (Kind.MEMBER, "student number"),
    "차량번호: {00가 0000}": (Kind.VEHICLE, "plate"),
    "client {192.0.2.10} asked": (Kind.NETWORK, "address of a computer"),
    "client {2001:db8:0:0:0:0:0:1} asked": (Kind.NETWORK, "a long one"),
}
LEFT = [
    "2019.03 ~ 2023.08 백엔드 개발",
    "재직기간: 2018년 3월 2일 ~ 2020년 5월 1일",
    "January 2019 - March 2023, Senior Engineer",
    "Python 3.11.7, PostgreSQL 16.2, Spring Boot 3.2.1",
    "Java, Kotlin, Spring, React, Vue, Kubernetes, Jenkins, Oracle, Visual Studio Code",
    "Microsoft Power BI, Google Cloud Platform, Amazon Web Services",
    "고객센터 1588-0000, 080-000-0000",
    "법인등록번호: 110111-0000000",
    "사업자등록번호 000-00-00000",
    "주문번호: 20240101-0000123",
    "전문가와 함께 서비스 기획, 정보보안, 이미지 처리, 주문 관리",
    "사용자 경험을 개선하고 안정성을 높였습니다",
    "매출 1,234,567원, 23.5% 성장",
    "나이 제한 없음, 만 18세 이상",
    "서울 강남구 근무",
    "카카오 ID 로그인 연동, LINE ID login",
    "version 1.2.3.4 and v10.0.0.1",
    "PostgreSQL 14.8.0.1 and Oracle 19.3.0.0",
    "Serial no. 123-456-7890, part number 123-456-7890",
    "Increased sales from 100 200 3000",
    "Worked with 20 Mile Road dealership, the 100 Python Way",
    "Served Charles Schwab clients",
    "Applied Martin Fowler's patterns",
    "10.0.0.0/8 and 127.0.0.1",
    "Bachelor of Science, GPA 3.89/4.0, 2nd Place in 2016",
    "Boston University, Harvard Business School, Morgan Stanley",
    "한국전력, 삼성전자, 현대자동차에서 일했습니다",
    "We look at performance and meet at example dot",
    "",
]


@pytest.mark.parametrize("text", FOUND)
def test_it_is_found_whole(text: str) -> None:
    kind, _what = FOUND[text]
    before, _brace, rest = text.partition("{")
    value, _brace, behind = rest.partition("}")
    masked = mask(before + value + behind)
    places = {(one.start, one.end) for one in masked.findings if one.kind is kind}
    assert (len(before), len(before) + len(value)) in places


@pytest.mark.parametrize("text", LEFT)
def test_it_is_left_alone(text: str) -> None:
    assert mask(text).text == text


def test_masks_speak_the_language_of_the_text() -> None:
    assert mask("연락처는 010-0000-0000 입니다").text == "연락처는 [전화번호] 입니다"
    assert mask("My phone is (212) 555-0100.").text == "My phone is [phone]."


def test_a_name_is_taken_out_wherever_it_stands() -> None:
    assert mask("성명: 홍길동\n홍길동은 개발자입니다. 작성자 홍길동").text.count("[이름]") == 3


def test_the_head_of_a_resume_is_a_name() -> None:
    assert mask("Jane Doe\nSoftware Engineer\njane@example.com").text.startswith("[name]\nSoftware Engineer\n")


def test_a_short_first_line_without_contacts_is_none() -> None:
    assert mask("Human Resources\nGrew teams").text == "Human Resources\nGrew teams"


def test_a_public_office_is_not_personal_but_a_label_is() -> None:
    assert mask("홍길동 장관은 발표했다").text == "홍길동 장관은 발표했다"
    assert mask("성명: 홍길동\n홍길동 장관은 발표했다").text.count("[이름]") == 2


def test_a_business_number_is_personal_beside_a_name_only() -> None:
    assert mask("대표자: 홍길동\n사업자등록번호: 000-00-00000").text.endswith("[사업자번호]")


def test_zero_width_characters_hide_nothing() -> None:
    text = "전화 010\u200b-0000\u200b-0000 끝"
    masked = mask(text)
    assert masked.text == "전화 [전화번호] 끝"
    assert text[masked.findings[0].start : masked.findings[0].end] == "010\u200b-0000\u200b-0000"


def test_findings_name_page_and_place() -> None:
    masked, findings = mask_pages(["첫 쪽", "성명: 홍길동", "전화 010-0000-0000"])
    assert masked.text == "첫 쪽\n성명: [이름]\n전화 [전화번호]"
    assert [(one.kind, one.page, one.start, one.length) for one in findings] == [
        (Kind.NAME, 1, 4, 3),
        (Kind.PHONE, 2, 3, 13),
    ]


def test_findings_hold_no_value() -> None:
    masked = mask("성명: 홍길동, 전화 010-0000-0000, someone@example.com")
    assert len(masked.findings) == 3
    shown = repr(masked.findings)
    assert not any(value in shown for value in ("홍길동", "0000", "example"))


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        mask("a" * (MOST_CHARACTERS + 1))
