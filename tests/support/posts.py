"""Posts over HTTP, and a company that has them."""

from hirehub.contracts.user import UserType
from tests.support.people import People, Person

POST = {"title": "Backend engineer", "description": "Build the ledger.", "salary_min": 50_000_000}


async def company(here: People) -> tuple[Person, str]:
    """Somebody with a company."""
    who = await here.sign_up(UserType.COMPANY)
    return who, await here.company(who)


async def draft(here: People, who: Person, company_id: str, **more: object) -> str:
    answer = await here.ask("POST", "/jobs", {"company_id": company_id, **POST, **more}, who=who)
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


async def opened(here: People, who: Person, company_id: str, **more: object) -> str:
    job_id = await draft(here, who, company_id, **more)
    assert (await here.ask("POST", f"/jobs/{job_id}/publish", who=who)).status == 200
    return job_id
