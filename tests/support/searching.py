"""A post and a resume, and searches over GraphQL that find them while they are there."""

import time
from dataclasses import dataclass
from typing import Any, Final

from tests.support.product import Product

POST: Final = {
    "title": "Welder of ship hulls",
    "description": "You weld the hulls of ships in our yard, and measure them with scripts.",
    "requirements": "Requirements\n- 3 years of welding\n- Python\nPreferred\n- PostgreSQL",
    "experience_min": 3,
}
RESUME: Final = """Experience
Shipyard welder
2016.01 ~ 2019.12
Welded the hulls of ships, and wrote Python for measuring them. Kept the measures in PostgreSQL.

Skills
Python, PostgreSQL
"""
_BY_TEXT: Final = """query ($text: String!) {
  findRecruitsByText(text: $text, limit: 3) { id companyName expYears primaryKeyword }
  findCandidatesByText(text: $text, limit: 3) { id name skills experienceYears }
}"""
_BY_ROW: Final = """query ($id: ID!) { candidatesForRecruit(id: $id, limit: 3) { id } }"""
_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Searching:
    """Searches of somebody with a token for a post and a resume."""

    product: Product
    token: str
    job_id: str
    resume_id: str

    def until(self, *, post: bool, resume: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is found of them, once each is found or not as said."""
        deadline = time.monotonic() + _SECONDS
        while True:
            found = self._found()
            if (self.job_id in found, self.resume_id in found) == (post, resume):
                assert not post or self._near(resume)
                return found.get(self.job_id, {}), found.get(self.resume_id, {})
            assert time.monotonic() < deadline, found
            time.sleep(0.1)

    def _found(self) -> dict[str, dict[str, Any]]:
        told = self.product.graphql(_BY_TEXT, self.token, text="A welder of ship hulls")
        return {hit.pop("id"): hit for hits in told.values() for hit in hits}

    def _near(self, resume: bool) -> bool:
        """Whether the resume is among those that are nearest to the post, as it is to be."""
        hits = self.product.graphql(_BY_ROW, self.token, id=self.job_id)["candidatesForRecruit"]
        return (self.resume_id in {hit["id"] for hit in hits}) is resume
