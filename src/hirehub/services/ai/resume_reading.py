"""A resume from a file to values: text, masked, parsed. A pure function of the bytes and today's date."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from hirehub.kernel.errors import HirehubError, Kind
from hirehub.services.ai.masking.mask import Masked, mask_pages
from hirehub.services.ai.parsing.model import Education, Experience, Month, Resume
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.store.tasks import Step
from hirehub.services.ai.text.limits import Limits
from hirehub.services.ai.text.reading import read_document

_FINAL = (Kind.INVALID, Kind.LIMIT)
"""What is wrong with the file stays wrong; all else may pass the next time."""
_MOST = 200


@dataclass
class Read:
    """What came of a file: the body that the service `resume` takes, and the steps of the work."""

    outcome: dict[str, Any]
    steps: list[Step] = field(default_factory=list)


def read_resume(content: bytes, *, today: date, limits: Limits) -> Read:
    """Reads a file; blocks. A file that cannot be read ends as the outcome `error` with the reason's code."""
    steps: list[Step] = []
    began = time.perf_counter()
    try:
        document = read_document(content, limits)
        masked, findings = mask_pages([page.text for page in document.pages])
    except HirehubError as error:
        if error.kind not in _FINAL:
            raise
        failed = Step("pii_masking", _millis(began), {"bytes": len(content)}, error.code)
        return Read({"status": "error", "reason": error.code}, [failed])
    kinds = {kind.value: count for kind, count in sorted(Counter(one.kind for one in findings).items())}
    steps.append(Step("pii_masking", _millis(began), {"pages": len(document.pages), **kinds}))
    began = time.perf_counter()
    parsed = parse_resume(_pages(masked, [page.text for page in document.pages]), today=today)
    counts = {"experiences": len(parsed.experiences), "skills": len(parsed.skills)}
    steps.append(Step("parsing", _millis(began), {**counts, "educations": len(parsed.educations)}))
    return Read(_outcome(masked.text, parsed, kinds), steps)


def _millis(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _pages(masked: Masked, pages: Sequence[str]) -> list[tuple[int, str]]:
    """The masked text by page, the first being 1."""
    starts = list(accumulate((len(page) + 1 for page in pages), initial=0))
    places = [*(masked.masked(start) for start in starts[:-1]), len(masked.text) + 1]
    return [
        (number, masked.text[start : max(start, end - 1)]) for number, (start, end) in enumerate(pairwise(places), 1)
    ]


def _outcome(text: str, parsed: Resume, masked: Mapping[str, int]) -> dict[str, Any]:
    return {
        "status": "ready",
        "masked_content": text,
        "parsed_content": _plain(asdict(parsed)),
        "experiences": [_experience(one) for one in parsed.experiences[:_MOST]],
        "skills": [
            {"skill_name": one.name[:100], "proficiency": one.proficiency, "years": one.years}
            for one in parsed.skills[:_MOST]
        ],
        "educations": [_education(one) for one in parsed.educations[:_MOST]],
        "masked": dict(masked),
    }


def _experience(one: Experience) -> dict[str, Any]:
    start, end = (one.period.start, one.period.end) if one.period else (None, None)
    return {
        "company_name": _line(one.company, 200),
        "position": _line(one.position, 100),
        "start_date": _day(start),
        "end_date": _day(Month.of(end.number - 1)) if end and start and end.number > start.number else _day(end),
        "is_current": bool(one.period and one.period.is_current),
        "description": one.description[:50_000] or None,
    }


def _education(one: Education) -> dict[str, Any]:
    ordered = not (one.start and one.end) or one.start <= one.end
    return {
        "school_name": _line(one.school, 200),
        "degree": _line(one.degree, 100),
        "major": _line(one.major, 100),
        "start_date": _day(one.start) if ordered else None,
        "end_date": _day(one.end) if ordered else None,
        "is_current": one.is_current,
    }


def _line(text: str | None, largest: int) -> str | None:
    """A line of text as the service `resume` takes it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())[:largest] or None


def _day(month: Month | None) -> str | None:
    return None if month is None else f"{month.year:04d}-{month.month:02d}-01"


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """The same with lists for tuples."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
