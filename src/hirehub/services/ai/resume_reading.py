"""A resume from a file to values: text, masked, parsed, summarised. A pure function of the bytes and today's date."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from hirehub.kernel.errors import HirehubError, Kind
from hirehub.services.ai.masking.mask import Masked, is_korean, mask_pages
from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.parsing.rows import education_row, experience_row
from hirehub.services.ai.profiles.summary import summary
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import Language
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
    starts = _starts(masked, [page.text for page in document.pages])
    pages = _pages(masked.text, starts)
    parsed = parse_resume(pages, today=today)
    counts = {"experiences": len(parsed.experiences), "skills": len(parsed.skills)}
    steps.append(Step("parsing", _millis(began), {**counts, "educations": len(parsed.educations)}))
    began = time.perf_counter()
    language: Language = "ko" if is_korean(masked.text) else "en"
    said = summary(parsed, resume_facts(parsed, pages, today=today), language, today=today)
    steps.append(Step("summary", _millis(began), {"letters": len(said or "")}))
    return Read({**_outcome(masked.text, starts, parsed, kinds), "ai_summary": said}, steps)


def _millis(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _starts(masked: Masked, pages: Sequence[str]) -> list[int]:
    """Where each page begins in the masked text."""
    return [masked.masked(start) for start in accumulate((len(page) + 1 for page in pages[:-1]), initial=0)]


def _pages(text: str, starts: Sequence[int]) -> list[tuple[int, str]]:
    """The masked text by page, the first being 1."""
    bounds = pairwise([*starts, len(text) + 1])
    return [(number, text[start : max(start, end - 1)]) for number, (start, end) in enumerate(bounds, 1)]


def _outcome(text: str, starts: Sequence[int], parsed: Resume, masked: Mapping[str, int]) -> dict[str, Any]:
    return {
        "status": "ready",
        "masked_content": text,
        "parsed_content": {**_plain(asdict(parsed)), "page_starts": list(starts)},
        "experiences": [experience_row(one) for one in parsed.experiences[:_MOST]],
        "skills": [
            {"skill_name": one.name[:100], "proficiency": one.proficiency, "years": one.years}
            for one in parsed.skills[:_MOST]
        ],
        "educations": [education_row(one) for one in parsed.educations[:_MOST]],
        "masked": dict(masked),
    }


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """The same with lists for tuples."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
