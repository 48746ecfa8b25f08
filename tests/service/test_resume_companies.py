"""Resumes as companies see them: those that were sent to them, and nothing of others."""

from uuid import uuid4

from hirehub.contracts.user import UserType
from hirehub.kernel.settings import Settings
from tests.service.test_resume_uploads import PDF, upload
from tests.support.people import People
from tests.support.platform import execute, platform, rows
from tests.support.scenes import scene


async def test_the_file_goes_to_a_company_that_it_was_sent_to_until_that_is_withdrawn(
    resume_db: Settings, apply_db: Settings, cheap: None
) -> None:
    async with platform(resume_db, "user", "resume", "apply") as here:
        who, member, stranger = [
            await here.sign_up(kind) for kind in (UserType.JOBSEEKER, UserType.COMPANY, UserType.COMPANY)
        ]
        company_id = await here.company(member)
        await here.company(stranger)
        path = f"/resumes/{(await upload(here, who, PDF, name='Person.pdf')).json['id']}"
        early = await here.ask("GET", f"{path}/original", who=member)
        sent(here, path.rpartition("/")[2], who.user_id, company_id)
        given = await here.ask("GET", f"{path}/original", who=member)
        seen = await here.ask("GET", path, who=member)
        foreign = await here.ask("GET", f"{path}/original", who=stranger)
        execute(apply_db, "apply", "UPDATE applications SET status = 'withdrawn'")
        late = [await here.ask("GET", path + more, who=member) for more in ("", "/original", "/skills")]
    assert (early.status, early.json["code"]) == (404, "no_such_resume")
    assert (given.status, given.body) == (200, PDF)
    assert (seen.status, seen.json["original_file_name"]) == (200, None)
    assert [foreign.status, *(one.status for one in late)] == [404, 404, 404, 404]


async def test_companies_learn_nothing_while_the_service_that_knows_does_not_answer(resume_db: Settings) -> None:
    async with platform(resume_db, "user", "resume") as here:
        there = scene(here)
        ids = [resume(here, there.roles["owner"].user_id), str(uuid4())]
        answers = [await here.ask("GET", f"/resumes/{one}", who=there.roles["member"]) for one in ids]
    assert [(one.status, one.json["code"]) for one in answers] == [(503, "service_unavailable")] * 2
    assert all(one.json["hint"] for one in answers)


def sent(here: People, resume_id: str, user_id: str, company_id: str) -> None:
    """An application with the resume at the company, put into the table."""
    statement = (
        "INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title)"
        " VALUES (gen_random_uuid(), %s, %s, %s, 'Cook')"
    )
    execute(here.settings, "apply", statement, user_id, resume_id, company_id)


def resume(here: People, user_id: str) -> str:
    """A resume that was read, put into the table; it has no file."""
    statement = "INSERT INTO resumes (user_id, status) VALUES (%s, 'ready')"
    execute(here.settings, "resume", statement, user_id)
    ((resume_id,),) = rows(here.settings, "resume", "SELECT id FROM resumes ORDER BY created_at DESC LIMIT 1")
    return str(resume_id)
