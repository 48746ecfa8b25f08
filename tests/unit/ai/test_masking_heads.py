"""English names at the head of a resume and among referees, in the shapes in which people write them."""

import pytest

from hirehub.services.ai.masking.finding import Kind
from hirehub.services.ai.masking.mask import mask

HEADS = [
    "{Gil-dong Hong}",
    "{Hong Gil-dong}",
    "{Hong, Gildong}",
    "{HONG, Gil Dong}",
    "RESUME\n\n{Gildong Hong}",
    "CURRICULUM VITAE\n{Jane Doe}",
    "이력서\n{Gildong Hong}",
    "Software Engineer\n{Gildong Hong}",
    "{Gildong Hong}, Software Engineer",
    "{Gildong Hong} • Software Engineer",
    "{Gildong Hong} - Backend Developer",
    "{Gildong Hong} (they/them)",
    "{Gildong Hong} (홍길동)",
    "{Gildong Hong}    010-0000-0000",
    "{GILDONG HONG} FULL STACK DEVELOPER with years",
    "{Jane Cook}",
    "{Ruby Hong}",
]
ALONE = [
    "{Gildong Hong}\nSoftware Engineer\n\nSummary\nBuilt things",
    "Built things.\n\nReferences:\n{Gildong Hong}, CTO, Acme, +27 82 555 0100",
    "References\n\nMr. {Gildong Hong} (manager), someone@example.com",
]
LEFT = [
    "Chemical Process Engineer\n\nSummary\nRan a chemical process",
    "Software Engineer\nAcme Robotics builds robots",
    "References available upon request",
    "References:\nAvailable upon request",
]
CONTACTS = [
    "Embedded Systems Engineer",
    "Full Stack Developer",
    "Austin, Texas",
    "Software Engineer - Data Platform",
]


@pytest.mark.parametrize("text", [f"{head}\nsomeone@example.com" for head in HEADS] + ALONE)
def test_a_name_is_found_by_what_stands_beside_it(text: str) -> None:
    before, _brace, rest = text.partition("{")
    value, _brace, behind = rest.partition("}")
    findings = mask(before + value + behind).findings
    assert (len(before), len(before) + len(value), Kind.NAME) in {(one.start, one.end, one.kind) for one in findings}


@pytest.mark.parametrize("text", LEFT + [f"{line}\nsomeone@example.com" for line in CONTACTS])
def test_titles_and_places_are_no_names(text: str) -> None:
    assert Kind.NAME not in {one.kind for one in mask(text).findings}
