"""Columns are found by their published names, spelled as people do, or by a mapping; what is missing is named."""

from pathlib import Path

import pytest

from hirehub.services.ai.columns import (
    BadMapping,
    Columns,
    ColumnsMissing,
    Rule,
    UnknownPreset,
    load_columns,
    match,
    presets,
)
from hirehub.services.ai.shape import CANDIDATE, RECRUIT

PUBLISHED = ["id", "Company Name", "Exp Years", "English Level", "Primary Keyword", "job_post_vectors"]
CANDIDATES = ["id", "name", "skills", "experience_years", "education_level", "preferred_location", "expected_salary"]


def found(*names: str, columns: Columns | None = None, shape: object = RECRUIT) -> dict[str, str]:
    """Which column fills which field."""
    wanted = CANDIDATE if shape is CANDIDATE else RECRUIT
    return {one.field.name: one.column for one in match(wanted, columns or Columns(), names)}


def test_published_names_fill_their_fields() -> None:
    assert found(*PUBLISHED) == {
        "id": "id",
        "company_name": "Company Name",
        "exp_years": "Exp Years",
        "english_level": "English Level",
        "primary_keyword": "Primary Keyword",
        "vector": "job_post_vectors",
    }


def test_names_are_found_whatever_their_case_blanks_and_underscores() -> None:
    spelled = ["ID", "companyName", "exp-years", "ENGLISH_LEVEL", "primary keyword", "Job Post Vectors", "Updated At"]
    assert list(found(*spelled).values()) == spelled


def test_candidates_come_with_the_columns_of_their_tables() -> None:
    assert set(found(*CANDIDATES, "vector", "updated_at", "created_at", shape=CANDIDATE)) == {
        *CANDIDATES,
        "vector",
        "updated_at_micros",
    }


def test_columns_that_may_be_missing_are() -> None:
    assert set(found("id", "Company Name", "Exp Years", "vector")) == {"id", "company_name", "exp_years", "vector"}


def test_a_needed_column_that_is_missing_is_named_beside_what_is_there() -> None:
    with pytest.raises(ColumnsMissing, match=r"'exp_years' or 'Exp Years'.*the file has: id, Company Name, vector"):
        found("id", "Company Name", "vector")


def test_two_columns_that_fit_alike_are_told_and_a_mapping_decides() -> None:
    names = ["id", "Company-Name", "CompanyName", "Exp Years", "vector"]
    with pytest.raises(ColumnsMissing, match="'Company-Name' and 'CompanyName' fit"):
        found(*names)
    chosen = Columns("test", None, {"company_name": Rule(column="CompanyName")})
    assert found(*names, columns=chosen)["company_name"] == "CompanyName"


def test_the_preset_djinni_is_shipped() -> None:
    assert presets() == ["djinni"]
    djinni = load_columns("djinni")
    assert djinni.domain == "candidate"
    names = ["Position", "Primary Keyword", "Experience Years", "id", "candidate_vectors"]
    assert found(*names, columns=djinni, shape=CANDIDATE) == {
        "id": "id",
        "name": "Position",
        "skills": "Primary Keyword",
        "experience_years": "Experience Years",
        "vector": "candidate_vectors",
    }
    assert djinni.rules["experience_years"].round == "down"


def test_a_mapping_comes_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[columns]\ncompany_name = "Firm"\nexp_years = { column = "Years", round = "down" }\n', "utf-8")
    mine = load_columns(str(path))
    assert mine.rules == {"company_name": Rule("Firm"), "exp_years": Rule("Years", "down")}
    assert found("id", "Firm", "Years", "vector", columns=mine)["company_name"] == "Firm"


WRONG = {
    'domain = "employer"': "no domain 'employer'",
    '[columns]\ncompany = "x"': "no row has a field 'company'",
    'domain = "recruit"\n[columns]\nskills = "x"': "no row has a field 'skills'",
    "[columns]\ncompany_name = 7": "no column's name",
    '[columns]\ncompany_name = { name = "x" }': "nor a table of column, round, split",
    '[columns]\nexp_years = { round = "up" }': 'may say round = "down"',
    '[columns]\nskills = { split = "" }': 'or split = ","',
    'name = "x"': "only `domain` and the table `columns`",
    "columns = ": "is no TOML",
}


@pytest.mark.parametrize("document", WRONG)
def test_a_wrong_mapping_says_what_is_wrong(document: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(document, "utf-8")
    with pytest.raises(BadMapping, match=WRONG[document].replace("(", r"\(")):
        load_columns(str(path))


def test_an_unknown_preset_names_those_that_are_shipped() -> None:
    with pytest.raises(UnknownPreset) as told:
        load_columns("djini")
    assert "djinni" in told.value.hint


def test_a_mapping_for_another_domain_is_refused() -> None:
    with pytest.raises(BadMapping, match="is for candidate, the file holds recruit rows"):
        match(RECRUIT, load_columns("djinni"), PUBLISHED)
