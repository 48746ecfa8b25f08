"""What posts ask for: named once, found by every name, and changed by who has seen it."""

import unicodedata
from urllib.parse import quote

from hirehub.kernel.settings import Settings
from tests.support.platform import platform
from tests.support.posts import company, draft, opened
from tests.support.web import Answer


async def test_two_who_change_the_skills_of_a_post_do_not_overwrite_each_other_where_they_say_what_they_saw(
    job_db: Settings,
) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        path = f"/jobs/{await draft(here, who, company_id)}/skills"
        tag = (await here.ask("GET", path, who=who)).headers["etag"]
        wanted = [{"skills": [{"name": name}]} for name in ("Python", "Go", "Rust")]
        first = await here.ask("PUT", path, wanted[0], who=who, if_match=tag)
        late = await here.ask("PUT", path, wanted[1], who=who, if_match=tag)
        same = await here.ask("PUT", path, wanted[0], who=who, if_match=first.headers["etag"])
        blind = await here.ask("PUT", path, wanted[2], who=who)
        now = await here.ask("GET", path, who=who)
    assert [answer.status for answer in (first, late, same, blind)] == [200, 412, 200, 200]
    assert tag != first.headers["etag"] == same.headers["etag"] != blind.headers["etag"] == now.headers["etag"]
    assert [one["name"] for one in now.json["items"]] == ["Rust"]


async def test_skills_are_named_once_whatever_their_case(job_db: Settings) -> None:
    async with platform(job_db, "user", "job") as here:
        who, company_id = await company(here)
        job_id, other_id = await opened(here, who, company_id), await opened(here, who, company_id)
        body = {"skills": [{"name": "PostgreSQL", "category": "database"}, {"name": "Go", "is_required": False}]}
        put = await here.ask("PUT", f"/jobs/{job_id}/skills", body, who=who)
        await here.ask("PUT", f"/jobs/{other_id}/skills", {"skills": [{"name": "postgresql"}]}, who=who)
        tags = await here.ask("GET", "/skills?prefix=post")
        with_go = await here.ask("GET", "/jobs?skill=go")
    assert [(one["name"], one["is_required"]) for one in put.json["items"]] == [("PostgreSQL", True), ("Go", False)]
    assert [tag["name"] for tag in tags.json["items"]] == ["PostgreSQL"]
    assert [item["id"] for item in with_go.json["items"]] == [job_id]


async def test_names_that_are_one_to_the_database_alone_are_one_skill(job_db: Settings) -> None:
    """Python writes small letters otherwise than PostgreSQL does: a dotted capital I, a sigma at a word's end."""
    asked = (["\u0130T"], ["IT"], ["\u0391\u03a3"], ["\u03b1\u03c3", "\u03b1\u03c2"], ["Go", "GO"])
    async with platform(job_db, "user", "job", background=False) as here:
        who, company_id = await company(here)

        async def put(*names: str) -> Answer:
            job_id = await draft(here, who, company_id)
            body = {"skills": [{"name": name, "is_required": name == "GO"} for name in names]}
            return await here.ask("PUT", f"/jobs/{job_id}/skills", body, who=who)

        answers = [await put(*names) for names in asked]
        grown = await put("\u0958" * 51)
    assert [answer.status for answer in answers] == [200] * 5
    assert all(answer.json["items"] for answer in answers)
    assert [(one["name"], one["is_required"]) for one in answers[-1].json["items"]] == [("Go", True)]
    assert (grown.status, grown.json["errors"][0]["rule"]) == (422, "string_too_long")


async def test_a_post_is_found_by_every_name_of_its_skills(job_db: Settings) -> None:
    tagged = {"Python": ("python", "파이썬", unicodedata.normalize("NFD", "파이썬")), "파이썬": ("Python", "파이선")}
    tagged |= {"Go": ("golang", "고랭"), "node js": ("Node.js", "NODEJS"), "Pottery-wheel": ("pottery wheel",)}
    async with platform(job_db, "user", "job", background=False) as here:
        who, company_id = await company(here)
        made: dict[str, str] = {}
        for name in tagged:
            made[name] = await opened(here, who, company_id)
            await here.ask("PUT", f"/jobs/{made[name]}/skills", {"skills": [{"name": name}]}, who=who)
        found = {
            (name, words): {item["id"] for item in (await here.ask("GET", f"/jobs?skill={quote(words)}")).json["items"]}
            for name, several in tagged.items()
            for words in several
        }
        others = [(await here.ask("GET", f"/jobs?skill={quote(words)}")).json for words in ("C++", "Java", "--")]
        kept = await here.ask("GET", f"/jobs/{made['파이썬']}/skills")
    python = {made["Python"], made["파이썬"]}
    assert found == {(name, words): python if made[name] in python else {made[name]} for name, words in found}
    assert [page["items"] for page in others] == [[], [], []]
    assert [item["name"] for item in kept.json["items"]] == ["파이썬"]
