"""Hostile files through the whole product: each ends in a named error within its bounds, and the next file is read."""

from dataclasses import dataclass
from typing import Any

import pytest

from hirehub.kernel.settings import Settings
from hirehub.services.ai.isolation.parent import kept
from tests.service.test_resume_reading import RESUME, SERVICES
from tests.service.test_resume_uploads import upload
from tests.support.bus import until
from tests.support.hostile_files import Hostile, hostile_files
from tests.support.people import People, Person
from tests.support.platform import platform, rows
from tests.torture.scene import FULL

pytestmark = [pytest.mark.torture, pytest.mark.usefixtures("cheap")]

SEED = 11
COUNT = 200
STEP = 1 if FULL else 5
"""Of the files every fifth is sent by default."""
AT_ONCE = 20
SECONDS = 30
KIBIBYTES = 500_000_000 // 1024
REFUSED = {"unknown_file_type", "empty_file", "file_too_large"}
REASONS = {
    "scan",
    "document_damaged",
    "document_empty",
    "document_encrypted",
    "document_too_large",
    "document_too_slow",
    "document_unknown",
}


@dataclass(frozen=True)
class Sent:
    """A hostile file that was taken, and the good one sent next."""

    kind: str
    resume_id: str
    good_id: str


async def send(here: People, who: Person, file: Hostile, number: int) -> Sent | None:
    """Uploads a file and a good one; None for a file that was refused with a named problem."""
    answer = await upload(here, who, file.content, file.name)
    good = await upload(here, who, f"{RESUME}\nNumber {number}\n".encode())
    assert good.status == 201, (file.kind, good.body)
    if answer.status == 201:
        return Sent(file.kind, answer.json["id"], good.json["id"])
    assert (answer.status, answer.json["code"] in REFUSED) in {(422, True), (413, True)}, (file.kind, answer.body)
    return None


async def ended(here: People, who: Person, resume_id: str) -> dict[str, Any]:
    """The resume, once the work on it has ended."""

    async def seen() -> dict[str, Any]:
        found: dict[str, Any] = (await here.ask("GET", f"/resumes/{resume_id}", who=who)).json
        return found

    return await until(seen, lambda found: found["status"] != "processing")


async def test_each_ends_in_a_named_error_and_the_next_is_read(
    resume_db: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIREHUB_RESUME__UPLOADS", "0/60")
    monkeypatch.setenv("HIREHUB_RESUME__MAX_RESUMES", "1000")
    numbers = range(0, COUNT, STEP)
    taken: list[Sent] = []
    wrong = []
    async with platform(resume_db, *SERVICES) as here:
        who = await here.sign_up()
        for first in range(0, len(numbers), AT_ONCE):
            files = hostile_files(SEED, numbers[first : first + AT_ONCE])
            group = [await send(here, who, one, first + at) for at, one in enumerate(files)]
            for sent in (one for one in group if one is not None):
                taken.append(sent)
                bad, good = await ended(here, who, sent.resume_id), await ended(here, who, sent.good_id)
                if (bad["status"], bad["status_reason"] in REASONS, good["status"]) != ("error", True, "ready"):
                    wrong.append((sent.kind, bad["status"], bad["status_reason"], good["status"]))
    assert wrong == []
    assert len(taken) > len(numbers) // 2
    ((slowest,),) = rows(resume_db, "ai", "SELECT max(processing_time_ms) / 1000.0 FROM ai_tasks")
    assert float(str(slowest)) < SECONDS
    assert 0 < kept("hirehub.services.ai.resume_work").largest <= KIBIBYTES
