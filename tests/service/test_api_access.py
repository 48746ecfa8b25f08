"""Who may ask GraphQL for what: kinds of callers against kinds of fields, with and without anonymous callers."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import pytest

from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.ended import EndedSessions
from hirehub.kernel.auth.keys import signing_key
from hirehub.kernel.auth.tokens import Signer
from hirehub.kernel.clock import FixedClock
from hirehub.kernel.settings import AuthSettings, Settings
from hirehub.services.vectors.graphql.schema import core
from tests.support.api import ALONE, JSON, Api, clustered, execute, put_rows, row_id, running_api
from tests.support.caches import open_redis
from tests.support.platform import platform
from tests.support.redis import RedisServer
from tests.support.vectors_db import VectorsDb
from tests.support.web import Answer, ask

OWN: Final = "the-servers-own-token"
CALLERS: Final = ("away", "here", "seeker", "company", "admin", "service", "own", "wrong", "ended")
"""Kinds of callers: without a token from elsewhere and from this machine, by tokens, and by those that are not good."""
ID: Final = f'id: "{row_id(0)}"'
VECTOR: Final = f"vector: {[0.1] * 384}"
PERSON: Final = f"candidate({ID}) {{ name }}"


@dataclass(frozen=True)
class Row:
    """The statuses that a query gets, by caller in the order of CALLERS."""

    query: str
    statuses: str

    @property
    def expected(self) -> dict[str, int]:
        """The status for each caller."""
        return dict(zip(CALLERS, (int(word) for word in self.statuses.split()), strict=True))


TABLE: Final = (
    #                                                         away here seek comp admn serv own  wrng endd
    Row("{ __typename }", "                                    401  200  200  200  200  200  200  401  401"),
    Row("{ __schema { queryType { name } } }", "               401  200  200  200  200  200  200  401  401"),
    Row(f"{{ recruit({ID}) {{ companyName }} }}", "            401  200  200  200  200  200  200  401  401"),
    Row(f'{{ recruits(ids: ["{row_id(0)}"]) {{ id }} }}', "    401  200  200  200  200  200  200  401  401"),
    Row("{ searchRecruits { nodes { id } } }", "               401  200  200  200  200  200  200  401  401"),
    Row("{ recruitCounts(by: KEYWORD) { count } }", "          401  200  200  200  200  200  200  401  401"),
    Row(f"{{ findSimilarRecruits({VECTOR}) {{ id }} }}", "     401  200  200  200  200  200  200  401  401"),
    Row(f"{{ similarRecruits({ID}) {{ id }} }}", "             401  200  200  200  200  200  200  401  401"),
    Row('{ findRecruitsByText(text: "a") { id } }', "          401  200  200  200  200  200  200  401  401"),
    Row(f"{{ {PERSON} }}", "                                   401  200  403  200  200  200  200  401  401"),
    Row(f'{{ candidates(ids: ["{row_id(0)}"]) {{ id }} }}', "  401  200  403  200  200  200  200  401  401"),
    Row("{ searchCandidates { nodes { id } } }", "             401  200  403  200  200  200  200  401  401"),
    Row("{ candidateCounts(by: SKILL) { count } }", "          401  200  403  200  200  200  200  401  401"),
    Row(f"{{ findSimilarCandidates({VECTOR}) {{ id }} }}", "   401  200  403  200  200  200  200  401  401"),
    Row(f"{{ similarCandidates({ID}) {{ id }} }}", "           401  200  403  200  200  200  200  401  401"),
    Row('{ findCandidatesByText(text: "a") { id } }', "        401  200  403  200  200  200  200  401  401"),
    Row(f"{{ candidatesForRecruit({ID}) {{ name }} }}", "      401  200  403  200  200  200  200  401  401"),
    Row(f"{{ recruitsForCandidate({ID}) {{ id }} }}", "        401  200  403  200  200  200  200  401  401"),
    Row(f"{{ recruit({ID}) {{ id }} {PERSON} }}", "            401  200  403  200  200  200  200  401  401"),
    Row(f"{{ recruit: {PERSON} }}", "                          401  200  403  200  200  200  200  401  401"),
    Row(f"{{ ...F }} fragment F on Query {{ {PERSON} }}", "    401  200  403  200  200  200  200  401  401"),
    Row(f"{{ ... on Query {{ ... {{ {PERSON} }} }} }}", "      401  200  403  200  200  200  200  401  401"),
    Row("{ domainStats { domain } }", "                        401  200  403  403  200  200  200  401  401"),
    Row("{ runs { nodes { id } } }", "                         401  200  403  403  200  200  200  401  401"),
    Row("{ deadLetters { nodes { id } } }", "                  401  200  403  403  200  200  200  401  401"),
    Row("{ deadLetterCounts { count } }", "                    401  200  403  403  200  200  200  401  401"),
)


def tokens(settings: Settings) -> dict[str, dict[str, str]]:
    """The headers of each kind of caller."""
    key = signing_key(settings)
    signer = Signer(settings.auth, key)
    before = Signer(settings.auth, key, FixedClock(datetime.now(UTC) - timedelta(hours=1)))
    shown = {
        "seeker": signer.sign(person("jobseeker")),
        "company": signer.sign(person("company")),
        "admin": signer.sign(person("admin")),
        "service": signer.for_service("match"),
        "own": OWN,
        "wrong": Signer(AuthSettings(name="somebody"), key).sign(person("admin")),
        "ended": before.sign(person("admin")),
    }
    bearers = {name: {"authorization": f"Bearer {token}"} for name, token in shown.items()}
    return {"away": {"host": "elsewhere.example"}, "here": {}, **bearers}


def person(user_type: str) -> Principal:
    """Somebody of that type, with a session."""
    one = uuid4()
    return Principal(str(one), one, user_type, session_id=uuid4())


async def asked(api: Api, query: str, headers: dict[str, str], **more: object) -> Answer:
    """The answer to a query, and that a refusal says so in GraphQL's words."""
    answer = await api.send(json.dumps({"query": query, **more}).encode(), **headers)
    if answer.status != 200:
        (error,) = answer.json["errors"]
        assert error["extensions"]["code"] == {401: "UNAUTHENTICATED", 403: "FORBIDDEN"}[answer.status]
        assert answer.status == 403 or answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json.keys() == {"errors"}
    return answer


async def test_each_kind_of_caller_may_ask_for_what_the_table_says(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The administrator asks first: what is kept by then reaches nobody with fewer rights."""
    monkeypatch.setenv("HIREHUB_VECTORS__API__TOKEN", OWN)
    for domain in ("recruit", "candidate"):
        put_rows(vectors_db, domain, clustered(2))
    callers = tokens(vectors_db.settings)
    found: dict[str, dict[str, int]] = {}
    async with running_api(vectors_db) as api:
        for row in TABLE:
            await asked(api, row.query, callers["admin"])
            found[row.query] = {name: (await asked(api, row.query, callers[name])).status for name in CALLERS}
    assert found == {row.query: row.expected for row in TABLE}


async def test_who_signs_up_for_a_company_and_acts_for_none_sees_posts_and_no_candidates(vectors_db: VectorsDb) -> None:
    for domain in ("recruit", "candidate"):
        put_rows(vectors_db, domain, clustered(2))
    signer = Signer(vectors_db.settings.auth, signing_key(vectors_db.settings))
    token = signer.sign(Principal(str(ALONE), ALONE, "company", session_id=uuid4()))
    alone = {"authorization": f"Bearer {token}"}
    async with running_api(vectors_db) as api:
        await asked(api, f"{{ {PERSON} }}", tokens(vectors_db.settings)["company"])
        posts, people = [
            await asked(api, query, alone | {"accept-language": "ko"})
            for query in (f"{{ recruit({ID}) {{ id }} }}", f"{{ {PERSON} }}")
        ]
    assert (posts.status, people.status) == (200, 403)
    assert people.json["errors"][0]["message"] == "이 질의의 항목 일부를 볼 권한이 없습니다."


async def test_a_token_whose_session_has_ended_is_refused_at_once_where_the_cache_is_shared(
    vectors_db: VectorsDb, redis_server: RedisServer
) -> None:
    settings = vectors_db.settings
    who, other = person("company"), person("company")
    headers = [
        {"authorization": f"Bearer {Signer(settings.auth, signing_key(settings)).sign(p)}"} for p in (who, other)
    ]
    cache = await open_redis(redis_server)
    async with running_api(vectors_db, redis=redis_server.url) as api:
        before = [(await asked(api, "{ __typename }", one)).status for one in headers]
        assert who.session_id is not None
        assert await EndedSessions(cache, settings.auth).add([who.session_id])
        after = [(await asked(api, "{ __typename }", one)).status for one in headers]
    await cache.close()
    assert (before, after) == ([200, 200], [401, 200])


def test_the_table_names_every_field_of_the_root() -> None:
    root = core().query_type
    assert root is not None
    assert {name for name in root.fields if not any(f" {name}" in row.query for row in TABLE)} == set()


async def test_a_kept_answer_is_shown_to_those_only_who_may_ask_for_it(vectors_db: VectorsDb) -> None:
    """Rows change behind the server's back, so what is answered tells whether it was kept."""
    put_rows(vectors_db, "candidate", clustered(1), [{"name": "Kept"}])
    callers = tokens(vectors_db.settings)
    async with running_api(vectors_db) as api:
        first = await asked(api, f"{{ {PERSON} }}", callers["admin"])
        execute(vectors_db, "UPDATE candidate_metadata SET name = 'New'")
        seeker = await asked(api, f"{{ {PERSON} }}", callers["seeker"])
        company = await asked(api, f"{{ {PERSON} }}", callers["company"])
    assert first.json == company.json == {"data": {"candidate": {"name": "Kept"}}}
    assert seeker.status == 403
    assert b"Kept" not in seeker.body
    assert "a member of a company, an administrator or a service" in seeker.json["errors"][0]["message"]


@pytest.mark.parametrize("name", [None, "", "B", "C"])
async def test_rights_are_those_of_the_operation_that_runs(vectors_db: VectorsDb, name: str | None) -> None:
    """B may be run, A is a candidate's, and the engine refuses to choose one by the other names."""
    put_rows(vectors_db, "candidate", clustered(1), [{"name": "Secret"}])
    query = f"query A {{ {PERSON} }} query B {{ __typename }}"
    callers = tokens(vectors_db.settings)
    async with running_api(vectors_db) as api:
        refused = await asked(api, query, callers["seeker"], operationName="A")
        answer = await asked(api, query, callers["seeker"], operationName=name)
    assert refused.status == 403
    assert b"Secret" not in answer.body
    assert ("errors" in answer.json) is (name != "B")


async def test_where_anonymous_callers_are_refused_tokens_are_asked_of_this_machine_too(
    vectors_db: VectorsDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_VECTORS__ANONYMOUS", "false")
    callers = tokens(vectors_db.settings)
    async with running_api(vectors_db) as api:
        found = {name: (await asked(api, "{ __typename }", callers[name])).status for name in callers if name != "own"}
        assert "asks everybody for a token" in " ".join(api.notes)
    assert found == {name: 200 if name in {"seeker", "company", "admin", "service"} else 401 for name in found}


async def test_where_the_accounts_are_in_the_same_process_a_token_ends_with_its_session(
    vectors_db: VectorsDb, user_db: Settings
) -> None:
    put_rows(vectors_db, "recruit", clustered(1))
    body = json.dumps({"query": f"{{ recruit({ID}) {{ id }} }}"}).encode()
    async with platform(user_db, "user", "vectors.api") as here:
        who = await here.sign_up()
        before = await ask(here.http, "POST", "/graphql", body, **(JSON | who.headers))
        assert (await here.ask("POST", "/auth/log-out-everywhere", {}, who=who)).status < 300
        after = await ask(here.http, "POST", "/graphql", body, **(JSON | who.headers))
    assert (before.status, after.status) == (200, 401)
    assert after.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
