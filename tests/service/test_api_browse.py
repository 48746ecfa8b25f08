"""Look-ups through the whole server: rows by id, lists in pages, counts, the state of the service; few statements."""

from typing import Any
from uuid import UUID

import pytest

from hirehub.kernel.ids import uuid7
from hirehub.kernel.postgres.layout import Layout
from hirehub.services.vectors.domain.counts import Counts
from hirehub.services.vectors.store import runs
from tests.support.api import Api, clustered, execute, put_rows, row_id, running_api
from tests.support.dead import put
from tests.support.ops import recruit
from tests.support.vectors_db import VectorsDb

RECRUITS = [
    {"company_name": "Lumen", "exp_years": 1, "english_level": "basic", "primary_keyword": "Python"},
    {"company_name": "Lumen", "exp_years": 4, "english_level": "upper", "primary_keyword": "Java"},
    {"company_name": "Orbit 100%", "exp_years": 6, "english_level": None, "primary_keyword": "Python"},
    {"company_name": "Orbit", "exp_years": 9, "english_level": "upper", "primary_keyword": None},
]
CANDIDATES = [
    {"name": "Backend developer", "skills": ["Python", "SQL"], "experience_years": 2, "preferred_location": "Seoul"},
    {"name": "Data engineer", "skills": ["Python", "Spark", "SQL"], "experience_years": 5, "expected_salary": 5000},
    {"name": "Designer", "skills": ["Figma"], "experience_years": 7, "education_level": "master"},
]


def text(number: int) -> str:
    """The id of a row as text."""
    return str(row_id(number))


async def listed(api: Api, kind: str, wanted: dict[str, Any]) -> list[int]:
    """The numbers of the rows that pass a filter, in ascending order, and that the count is theirs."""
    query = f"query ($f: {kind}Filter) {{ page: search{kind}s(filter: $f) {{ nodes {{ id }} totalCount }} }}"
    page = (await api.data(query, {"f": wanted}))["page"]
    assert page["totalCount"] == len(page["nodes"])
    places = {text(number): number for number in range(10)}
    return sorted(places[node["id"]] for node in page["nodes"])


async def test_rows_are_looked_up_by_id_in_the_order_asked_for(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(4), RECRUITS)
    query = """query ($ids: [ID!]!, $id: ID!) {
        recruits(ids: $ids) { id companyName } recruit(id: $id) { expYears englishLevel }
        none: recruit(id: "%s") { id } }"""
    async with running_api(vectors_db) as api:
        data = await api.data(query % text(77), {"ids": [text(2), text(9), text(0), text(2)], "id": text(1).upper()})
    assert [row and row["companyName"] for row in data["recruits"]] == ["Orbit 100%", None, "Lumen", "Orbit 100%"]
    assert data["recruit"] == {"expYears": 4, "englishLevel": "upper"}
    assert data["none"] is None


async def test_an_id_that_is_none_is_told(vectors_db: VectorsDb) -> None:
    async with running_api(vectors_db) as api:
        error = await api.error('{ recruit(id: "seven") { id } }')
    assert error["code"] == "BAD_ID"
    assert error["hint"]


async def test_recruits_are_filtered_by_each_of_their_columns(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(4), RECRUITS)
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [0, 1, 2, 3]),
        ({"minExperience": 4}, [1, 2, 3]),
        ({"minExperience": 2, "maxExperience": 6}, [1, 2]),
        ({"maxExperience": 2**31 - 1}, [0, 1, 2, 3]),
        ({"keywords": ["Python"]}, [0, 2]),
        ({"keywords": ["Python", "Java"], "companies": ["Lumen"]}, [0, 1]),
        ({"keywords": []}, [0, 1, 2, 3]),
        ({"englishLevels": ["upper"]}, [1, 3]),
        ({"text": "oRBIT"}, [2, 3]),
        ({"text": "100%"}, [2]),
        ({"text": "python lumen"}, [0]),
        ({"text": "__"}, []),
    ]
    async with running_api(vectors_db) as api:
        found = [(wanted, await listed(api, "Recruit", wanted)) for wanted, _ in expected]
    assert found == expected


async def test_candidates_are_filtered_by_skills_and_the_rest(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "candidate", clustered(3), CANDIDATES)
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({"skillsAny": ["Spark", "Figma"]}, [1, 2]),
        ({"skillsAll": ["SQL", "Python"]}, [0, 1]),
        ({"skillsAll": ["SQL", "Figma"]}, []),
        ({"skillsAny": ["Python"], "minExperience": 3}, [1]),
        ({"educationLevels": ["master"]}, [2]),
        ({"locations": ["Seoul", "Busan"]}, [0]),
        ({"maxSalary": 6000}, [1]),
        ({"text": "spark"}, [1]),
    ]
    async with running_api(vectors_db) as api:
        found = [(wanted, await listed(api, "Candidate", wanted)) for wanted, _ in expected]
    assert found == expected


async def test_a_filter_that_makes_no_sense_is_told(vectors_db: VectorsDb) -> None:
    query = "query ($f: RecruitFilter) { searchRecruits(filter: $f) { totalCount } }"
    async with running_api(vectors_db) as api:
        crossed = await api.error(query, {"f": {"minExperience": 5, "maxExperience": 2}})
        many = await api.error(query, {"f": {"keywords": [str(n) for n in range(101)]}})
        null = await api.error(query, {"f": {"companies": ["a\0b"]}})
    assert {crossed["code"], many["code"], null["code"]} == {"BAD_FILTER"}


async def test_pages_of_a_list_stay_where_they_are_while_rows_come(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(25))
    query = """query ($after: String) { searchRecruits(first: 10, after: $after) {
        edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }"""
    seen: list[str] = []
    after = None
    async with running_api(vectors_db) as api:
        for number in range(3):
            page = (await api.data(query, {"after": after}))["searchRecruits"]
            seen += [edge["node"]["id"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            assert page["pageInfo"]["hasNextPage"] is (number < 2)
            statement = "INSERT INTO recruit_metadata (id, company_name, exp_years) VALUES (%s, 'New', 1)"
            execute(vectors_db, statement, row_id(1000 + number))
        bad = await api.error(query, {"after": "bm90IG91cnM="})
    assert seen == [text(number) for number in reversed(range(25))]
    assert bad["code"] == "BAD_CURSOR"


async def test_rows_are_counted_by_what_they_have(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(4), RECRUITS)
    put_rows(vectors_db, "candidate", clustered(3), CANDIDATES)
    query = """{
        company: recruitCounts(by: COMPANY, first: 1) { value count }
        keyword: recruitCounts(by: KEYWORD) { value count }
        years: recruitCounts(by: EXPERIENCE, filter: {minExperience: 5}) { value count }
        level: recruitCounts(by: ENGLISH_LEVEL, first: 1) { value count }
        skill: candidateCounts(by: SKILL, first: 2) { value count } }"""
    async with running_api(vectors_db) as api:
        data = await api.data(query)
    shown = {name: [(one["value"], one["count"]) for one in counts] for name, counts in data.items()}
    assert shown == {
        "company": [("Lumen", 2)],
        "keyword": [("Python", 2), ("Java", 1), (None, 1)],
        "years": [("6", 1), ("9", 1)],
        "level": [("upper", 2)],
        "skill": [("Python", 2), ("SQL", 2)],
    }


async def test_the_state_of_the_domains_is_shown(vectors_db: VectorsDb) -> None:
    put_rows(vectors_db, "recruit", clustered(4))
    execute(vectors_db, "UPDATE checkpoint SET last_processed_uuid = %s WHERE domain = 'recruit'", row_id(3))
    query = """{ domainStats { domain metadataCount embeddingCount dlqCount lastProcessedUuid exactOnly recall } }"""
    async with running_api(vectors_db) as api:
        recruit, candidate = (await api.data(query))["domainStats"]
    assert recruit["domain"] == "RECRUIT"
    assert (recruit["metadataCount"], recruit["embeddingCount"], recruit["lastProcessedUuid"]) == (4, 4, text(3))
    assert (candidate["metadataCount"], candidate["lastProcessedUuid"], candidate["recall"]) == (0, None, None)


async def make_runs(db: VectorsDb, count: int) -> list[UUID]:
    """Runs that have ended well, in order."""
    ids = [uuid7() for _ in range(count)]
    async with db.database() as database, database.transaction() as tx:
        for one in ids:
            await runs.insert(
                tx, run_id=one, domain="recruit", kind="push", source="10.0.0.7", options={}, retried_of=None
            )
            await runs.add_progress(tx, one, None, Counts.of(stored=2, skipped=1), None)
            await runs.finish(tx, one, runs.SUCCEEDED, None)
    return ids


async def test_runs_are_listed_latest_first(vectors_db: VectorsDb) -> None:
    ids = await make_runs(vectors_db, 5)
    query = """query ($after: String) { runs(first: 3, after: $after, status: SUCCEEDED) {
        nodes { id received stored skipped dead steps { name status } } pageInfo { hasNextPage endCursor } } }"""
    async with running_api(vectors_db) as api:
        first = (await api.data(query))["runs"]
        second = (await api.data(query, {"after": first["pageInfo"]["endCursor"]}))["runs"]
    shown = [run["id"] for run in first["nodes"] + second["nodes"]]
    assert shown == [str(one) for one in reversed(ids)]
    assert not second["pageInfo"]["hasNextPage"]
    assert [step["name"] for step in first["nodes"][0]["steps"]] == ["receive", "process", "notify"]
    assert first["nodes"][0]["received"] == 3


async def test_dead_letters_are_listed_without_what_they_held(vectors_db: VectorsDb) -> None:
    async with vectors_db.database() as database:
        await put(database, *(recruit(number, exp_years=-number) for number in range(1, 4)))
    query = """{ deadLetters(first: 2, cause: NEGATIVE_NUMBER) {
        nodes { id cause message entityId seen } pageInfo { hasNextPage endCursor } }
        deadLetterCounts { domain cause count } }"""
    async with running_api(vectors_db) as api:
        data = await api.data(query)
        fields = (await api.data('{ __type(name: "DeadLetter") { fields { name } } }'))["__type"]["fields"]
    assert [letter["cause"] for letter in data["deadLetters"]["nodes"]] == ["NEGATIVE_NUMBER"] * 2
    assert data["deadLetters"]["pageInfo"]["hasNextPage"]
    assert data["deadLetterCounts"] == [{"domain": "RECRUIT", "cause": "NEGATIVE_NUMBER", "count": 3}]
    assert "payload" not in {field["name"] for field in fields}


async def statements(db: VectorsDb, api: Api, query: str) -> int:
    """How many statements over rows the server runs for a query, by PostgreSQL's own log."""
    log = Layout(db.settings.data_dir).log
    before = log.stat().st_size
    await api.data(query)
    with log.open("rb") as file:
        file.seek(before)
        entries = file.read().replace(b"\n\t", b" ").splitlines()
    return sum(b"LOG:" in entry and b"recruit_" in entry for entry in entries)


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("{ " + " ".join(f'r{n}: recruit(id: "{row_id(n)}") {{ id companyName }}' for n in range(15)) + " }", 1),
        ("{ " + " ".join(f'r{n}: recruits(ids: ["{row_id(n)}"]) {{ id }}' for n in range(15)) + " }", 1),
        (f'{{ similarRecruits(id: "{row_id(1)}", limit: 50) {{ id companyName expYears createdAt }} }}', 2),
        ("{ " + " ".join(f's{n}: similarRecruits(id: "{row_id(n)}") {{ id companyName }}' for n in range(6)) + " }", 7),
        ("{ searchRecruits(first: 60) { nodes { id companyName } } }", 1),
    ],
    ids=["rows by id", "rows by ids", "one search", "six searches", "a page"],
)
async def test_a_query_runs_few_statements_however_many_rows_it_shows(
    vectors_db: VectorsDb, query: str, most: int
) -> None:
    put_rows(vectors_db, "recruit", clustered(60))
    execute(vectors_db, "ALTER DATABASE hirehub_vectors SET log_statement = 'all'", role="admin")
    async with running_api(vectors_db) as api:
        assert await statements(vectors_db, api, query) == most
