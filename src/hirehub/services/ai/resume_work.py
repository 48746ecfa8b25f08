"""What the child process does with a resume: text, masked, parsed, summarised.

A pure function of the bytes and the day. All of it happens there: a text made to be slow is stopped like any other
file, and no other work waits for it.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import accumulate, pairwise
from typing import Any

from hirehub.services.ai.masking.mask import Masked, is_korean, mask_pages
from hirehub.services.ai.parsing.model import Resume
from hirehub.services.ai.parsing.resumes import parse_resume
from hirehub.services.ai.parsing.rows import education_row, experience_row
from hirehub.services.ai.profiles.summary import summary
from hirehub.services.ai.scoring.facts import resume_facts
from hirehub.services.ai.scoring.model import Language
from hirehub.services.ai.text import child
from hirehub.services.ai.text.limits import Limits

_MOST = 200


def prepare() -> None:
    """Loads, once for all resumes, what they are held against."""
    for text in (
        "경력\n2020.01 ~ 2021.01 개발자\n기술: Python",
        "Experience\nJan 2020 - Jan 2021 Developer\nSkills: Python",
    ):
        work({"limits": Limits().as_dict(), "today": "2024-01-01"}, text.encode())


def work(job: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The body that the service `resume` takes, and each step's name, milliseconds and counts.

    The job holds `limits` and `today` (ISO 8601).
    """
    today = date.fromisoformat(job["today"])
    began = time.perf_counter()
    texts: list[str] = child.work(job, data)["pages"]
    masked, findings = mask_pages(texts)
    kinds = {kind.value: count for kind, count in sorted(Counter(one.kind for one in findings).items())}
    steps = [("pii_masking", _millis(began), {"pages": len(texts), **kinds})]
    began = time.perf_counter()
    starts = _starts(masked, texts)
    pages = _pages(masked.text, starts)
    parsed = parse_resume(pages, today=today)
    counts = {"experiences": len(parsed.experiences), "skills": len(parsed.skills)}
    steps.append(("parsing", _millis(began), {**counts, "educations": len(parsed.educations)}))
    began = time.perf_counter()
    language: Language = "ko" if is_korean(masked.text) else "en"
    said = summary(parsed, resume_facts(parsed, pages, today=today), language, today=today)
    steps.append(("summary", _millis(began), {"letters": len(said or "")}))
    return {"outcome": {**_outcome(masked.text, starts, parsed, kinds), "ai_summary": said}, "steps": steps}


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
        "parsed_content": {**asdict(parsed), "page_starts": list(starts)},
        "experiences": [experience_row(one) for one in parsed.experiences[:_MOST]],
        "skills": [
            {"skill_name": one.name[:100], "proficiency": one.proficiency, "years": one.years}
            for one in parsed.skills[:_MOST]
        ],
        "educations": [education_row(one) for one in parsed.educations[:_MOST]],
        "masked": dict(masked),
    }
