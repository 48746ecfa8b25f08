"""Every route of the whole product, asked by every kind of caller, and no route without its line in the table."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.routing import iter_route_contexts

from hirehub.kernel.settings import Settings
from tests.access.table import ROLES, Line, filled, table
from tests.access.things import WORDS, Situation, situations, stores
from tests.support.people import People
from tests.support.web import Answer
from tests.support.whole import whole

SPECIAL = "POST /api/v1/applications/bulk-status"


async def test_every_route_answers_each_kind_of_caller_as_the_table_says(whole_db: Settings, cheap: None) -> None:
    """Each service has one connection: a request that needed two at once would wait for itself."""
    narrow = whole_db.database.model_copy(update={"pool_size": 1, "connect_timeout": 2.0})
    wrong = []
    async with whole(whole_db.model_copy(update={"database": narrow})) as here:
        with stores(here) as kept:
            for line in table():
                found = {}
                for now in situations(kept, ROLES, alone=line.method != "GET"):
                    with named(line, now.role):
                        answer = await asked(here, line, now)
                    found[now.role] = answer.status
                    check(line, now.role, answer)
                if found != line.expected:
                    told = " ".join(str(status) for status in found.values())
                    wrong.append(f"line {line.number}: {line.method} {line.path} answered {told}")
    assert wrong == []


async def test_the_table_names_every_route_and_no_other(whole_db: Settings, cheap: None) -> None:
    async with whole(whole_db) as here:
        known = served(here)
        names = [what["operationId"] for methods in here.api.openapi()["paths"].values() for what in methods.values()]
    assert {line.route for line in table()} == known
    assert len(set(names)) == len(names)


@contextmanager
def named(line: Line, role: str) -> Iterator[None]:
    """Says which line it was that got no answer."""
    try:
        yield
    except TimeoutError as error:
        raise AssertionError(f"line {line.number}: {line.method} {line.path} as {role} got no answer") from error


async def asked(here: People, line: Line, now: Situation) -> Answer:
    """The answer to a line's request."""
    if line.body in WORDS:
        body, headers = WORDS[line.body]
    else:
        body, headers = filled(line.body, now.make).encode(), {}
    path = filled(line.path, now.make)
    return await here.ask(line.method, path, body, who=now.who, **{"host": "127.0.0.1", "if_match": "*", **headers})


def check(line: Line, role: str, answer: Answer) -> None:
    """What holds of every refusal; and that a change of many, which always answers, changes nothing for others."""
    if line.path.startswith("/api/v1/") and answer.status >= 400:
        assert answer.headers["content-type"] == "application/problem+json", line.route
        assert answer.json["status"] == answer.status
    challenge = answer.headers.get("www-authenticate", "")
    if answer.status == 401:
        assert challenge.startswith("Bearer"), line.route
    if answer.status == 403 and answer.json["code"] == "forbidden":
        assert 'error="insufficient_scope"' in challenge, line.route
    if line.route == SPECIAL and answer.status == 200:
        assert answer.json["items"][0]["done"] == (role in ("member", "primary"))


def served(here: People) -> set[str]:
    """Every route: the described ones, those that describe them, and what answers beside the API."""
    found = set()
    for context in iter_route_contexts(here.api.routes):
        methods = set(context.methods or ()) - {"HEAD"}
        found |= {f"{method} {context.path}" for method in methods}
    described = {
        f"{method.upper()} {path}" for path, methods in here.api.openapi()["paths"].items() for method in methods
    }
    assert described <= found
    mounted = {f"{line.method} {line.path}" for line in table() if line.path in here.paths}
    assert {route.partition(" ")[2] for route in mounted} == set(here.paths)
    return found | mounted
