"""What people hear of: for each event the values that its templates may name, out of what a fact says.

A fact holds ids and no names of people. What it may say and often does not (`company_name`) is None here, and the
sentence goes without. Values are words of the person's language; nothing of them is looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from hirehub.contracts.resume import REASON_WORDS
from hirehub.services.notification.domain.interviews import when, where

CHANNELS: Final = ("email", "push", "sms", "in_app")
LANGUAGES: Final = ("ko", "en")
DIGEST: Final = "match.digest"
"""Several recommendations in one mail; no fact, and nothing that one can switch off by itself."""
RECOMMENDED: Final = "match.recommended"
ANSWERED: Final = "application.answered"
"""What the company hears where `application.status_changed` tells of a state that only the job seeker chooses."""
SCHEDULED: Final = "interview.scheduled"
CHANGED: Final = "interview.changed"
"""What the job seeker hears where `interview.scheduled` tells of another time or place than before."""
CANCELLED: Final = "interview.cancelled"
ANSWERS: Final = frozenset({"accepted", "withdrawn"})

Values = Mapping[str, str | bool | None]


@dataclass(frozen=True)
class Happened:
    """A fact that people hear of. `body` are its fields as JSON has them."""

    fact_id: UUID
    event: str
    body: Mapping[str, Any]


_SAMPLES: Final[Mapping[str, str | bool]] = {
    "ready": True,
    "reason": "it holds no text",
    "score": "87.5",
    "new_status": "reviewing",
    "scheduled_at": "2026-01-02 12:00 (Asia/Seoul)",
    "count": "6",
    "links": "https://hirehub.example/jobs/1",
    "resume_url": "https://hirehub.example/resumes/1",
    "job_url": "https://hirehub.example/jobs/1",
    "application_url": "https://hirehub.example/applications/1",
    "job_title": "Cook",
    "company_name": "Lumen",
    "applicant_name": "A name",
    "match_score": "87.5",
    "location": "Room 1",
}

_SURE: Final[Mapping[str, tuple[str, ...]]] = {
    "resume.processed": ("ready", "resume_url"),
    RECOMMENDED: ("score", "job_url"),
    DIGEST: ("count", "links"),
    "application.submitted": ("application_url",),
    "application.status_changed": ("new_status", "application_url"),
    ANSWERED: ("new_status", "application_url"),
    **dict.fromkeys((SCHEDULED, CHANGED, CANCELLED), ("scheduled_at", "application_url")),
}
_OPTIONAL: Final[Mapping[str, tuple[str, ...]]] = {
    "resume.processed": ("reason",),
    RECOMMENDED: ("job_title", "company_name"),
    DIGEST: (),
    "application.submitted": ("job_title", "company_name", "applicant_name", "match_score"),
    "application.status_changed": ("job_title", "company_name"),
    ANSWERED: ("job_title", "company_name"),
    **dict.fromkeys((SCHEDULED, CHANGED), ("job_title", "company_name", "location")),
    CANCELLED: ("job_title", "company_name"),
}
EVENTS: Final = tuple(event for event in _SURE if event != DIGEST)

_SCORES: Final = ("score", "match_score")
_PATHS: Final = {"resume_url": "resumes", "job_url": "jobs", "application_url": "applications"}

STATUS_WORDS: Final = {
    "submitted": ("지원 완료", "submitted"),
    "reviewing": ("검토 중", "under review"),
    "interview_scheduled": ("면접 예정", "interview scheduled"),
    "interview_completed": ("면접 완료", "interview completed"),
    "offered": ("입사 제안", "offer made"),
    "accepted": ("제안 수락", "offer accepted"),
    "rejected": ("불합격", "not selected"),
    "withdrawn": ("지원 취소", "withdrawn"),
}


def values(happened: Happened, *, language: str, zone: str, public_url: str) -> dict[str, str | bool | None]:
    """What a template of the event may name; None for what the fact does not say."""
    body, event = happened.body, happened.event
    made: dict[str, str | bool | None] = {}
    for name in (*_SURE[event], *_OPTIONAL[event]):
        if name in _PATHS:
            made[name] = link(name, body, public_url)
        elif name == "ready":
            made[name] = body["status"] == "ready"
        elif name == "new_status":
            made[name] = _status(body, language)
        elif name == "reason":
            words = REASON_WORDS.get(str(body.get(name)))
            made[name] = None if words is None else words[LANGUAGES.index(language)]
        elif name == "scheduled_at":
            made[name] = when(body, language, zone)
        elif name == "location":
            made[name] = where(body, language)
        elif name in _SCORES:
            made[name] = None if body.get(name) is None else _score(body[name])
        else:
            made[name] = None if body.get(name) is None else str(body[name])
    return made


def link(name: str, body: Mapping[str, Any], public_url: str) -> str:
    """Where a person sees what the fact is about."""
    return f"{public_url.rstrip('/')}/{_PATHS[name]}/{body[name.replace('_url', '_id')]}"


def url(happened: Happened, public_url: str) -> str:
    """The one link of a notification."""
    name = next(name for name in _SURE[happened.event] if name in _PATHS)
    return link(name, happened.body, public_url)


def samples(event: str) -> dict[str, str | bool | None]:
    """A value for each name of the event."""
    return {name: _SAMPLES[name] for name in (*_SURE[event], *_OPTIONAL[event])}


def least(event: str) -> dict[str, str | bool | None]:
    """The same with only what is always there."""
    return {name: _SAMPLES[name] if name in _SURE[event] else None for name in samples(event)}


def listed(title: str | None, score: str | None, url: str, language: str) -> str:
    """A recommended post among others: which, how well it fits, where to look."""
    points = "" if score is None else f" ({_score(score)}점)" if language == "ko" else f" ({_score(score)} of 100)"
    return f"{title}{points}\n{url}" if title else url


def _status(body: Mapping[str, Any], language: str) -> str:
    """The state in words, and how many interviews fell with it: of those nothing else tells."""
    korean, english = STATUS_WORDS[body["to_status"]]
    count = len(body.get("cancelled_interviews") or ())
    if language == "ko":
        return f"{korean} (예정된 면접 {count}건 취소)" if count else korean
    were = "interview that was set is" if count == 1 else "interviews that were set are"
    return f"{english} ({count} {were} cancelled)" if count else english


def _score(score: object) -> str:
    """A score as people write it: 87.5, and 80 for 80.00."""
    return f"{Decimal(str(score)).normalize():f}"
