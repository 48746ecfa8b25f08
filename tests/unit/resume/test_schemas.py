"""What an owner may say of a resume."""

import pytest
from pydantic import ValidationError

from hirehub.services.resume.domain.resumes import MOST_LETTERS
from hirehub.services.resume.schemas import ExperiencesIn


def test_all_that_is_said_of_jobs_has_a_bound() -> None:
    whole = [{"description": "a" * 50_000}] * (MOST_LETTERS // 50_000)

    assert len(ExperiencesIn.model_validate({"experiences": whole}).experiences) == len(whole)
    with pytest.raises(ValidationError, match="400,000 letters together"):
        ExperiencesIn.model_validate({"experiences": [*whole, {"description": "a"}]})
