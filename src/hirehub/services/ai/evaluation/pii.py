"""How well personal data is found: recall, precision and texts touched for nothing, on sets with known values.

Matching rule, the same for every set: a value is found when a finding of its kind overlaps each place where the value
stands in the text, and removed when findings of any kind cover it whole. A finding is right when it overlaps a value
of its kind. The open sets are cut in two by a hash, so that who writes rules looks at one half alone.
"""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hirehub.kernel.errors import Invalid, Missing
from hirehub.services.ai.masking.finding import Finding, Kind
from hirehub.services.ai.masking.mask import mask

HALVES: Final = ("all", "written", "kept")
"""Everything, the half that rules were written on, and the half that was kept aside."""
KOREAN_KINDS: Final = {
    "주민등록번호": (Kind.RESIDENT, Kind.FOREIGNER),
    "전화번호": (Kind.PHONE,),
    "이메일": (Kind.EMAIL,),
    "주소": (Kind.ADDRESS,),
    "이름": (Kind.NAME,),
    "여권번호": (Kind.PASSPORT,),
    "운전면허번호": (Kind.LICENCE,),
    "생년월일": (Kind.BIRTH,),
    "계좌번호": (Kind.ACCOUNT,),
    "카드번호": (Kind.CARD,),
    "IP주소": (Kind.NETWORK,),
    "학번": (Kind.MEMBER,),
    "기타_고유식별정보": (Kind.MEMBER, Kind.VEHICLE),
}
ENGLISH_KINDS: Final = {
    "PERSON": (Kind.NAME,),
    "ADDRESS": (Kind.ADDRESS,),
    "STREET_ADDRESS": (Kind.ADDRESS,),
    "ZIP_CODE": (Kind.ADDRESS,),
    "PHONE_NUMBER": (Kind.PHONE,),
    "EMAIL_ADDRESS": (Kind.EMAIL,),
    "CREDIT_CARD": (Kind.CARD,),
    "US_SSN": (Kind.SOCIAL,),
    "US_DRIVER_LICENSE": (Kind.LICENCE,),
    "IBAN_CODE": (Kind.ACCOUNT,),
    "IP_ADDRESS": (Kind.NETWORK,),
    "AGE": (Kind.AGE,),
}
FLOORS: Final = {"resident_number": 0.81, "phone": 0.77, "email": 0.82, "name": 0.0}
"""Recall of plain patterns on the whole set of Korean documents."""
LIBRARY: Final = {"resident_number": 0.92, "phone": 0.83, "email": 0.93, "address": 0.94, "name": 0.53}
"""Recall of the best library that was measured, in its strict mode, on the same set."""


@dataclass(frozen=True)
class Case:
    """A text and what is to be found in it: places and their kinds, empty for a text without personal data."""

    text: str
    expected: tuple[tuple[tuple[Kind, ...], tuple[tuple[int, int], ...]], ...]


@dataclass
class Figures:
    """Counts over the texts of a set."""

    texts: int = 0
    clean: int = 0
    touched: int = 0
    seconds: float = 0.0
    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """Shares per kind; None where nothing was expected or given."""
        kinds = {
            kind: {
                "expected": self.expected[kind],
                "recall": _share(self.found[kind], self.expected[kind]),
                "removed": _share(self.removed[kind], self.expected[kind]),
                "given": self.given[kind],
                "precision": _share(self.right[kind], self.given[kind]),
            }
            for kind in (one.value for one in Kind)
            if self.expected[kind] or self.given[kind]
        }
        return {
            "texts": self.texts,
            "clean": self.clean,
            "clean_touched": self.touched,
            "texts_per_second": round(self.texts / self.seconds, 1) if self.seconds else None,
            "kinds": kinds,
        }


def measure(cases: Iterable[Case]) -> Figures:
    """Masks every text once and counts."""
    figures = Figures()
    for case in cases:
        begin = time.perf_counter()
        findings = mask(case.text).findings
        figures.seconds += time.perf_counter() - begin
        figures.texts += 1
        if not case.expected:
            figures.clean += 1
            figures.touched += bool(findings)
        _count(figures, case, findings)
    return figures


def _count(figures: Figures, case: Case, findings: tuple[Finding, ...]) -> None:
    """Adds one text."""
    for kinds, places in case.expected:
        name = kinds[0].value
        figures.expected[name] += 1
        figures.found[name] += bool(places) and all(_overlapped(place, findings, kinds) for place in places)
        figures.removed[name] += bool(places) and all(_covered(place, findings) for place in places)
    for one in findings:
        figures.given[one.kind.value] += 1
        figures.right[one.kind.value] += any(
            one.kind in kinds and any(one.start < end and start < one.end for start, end in places)
            for kinds, places in case.expected
        )


def _overlapped(place: tuple[int, int], findings: tuple[Finding, ...], kinds: tuple[Kind, ...]) -> bool:
    return any(one.kind in kinds and one.start < place[1] and place[0] < one.end for one in findings)


def _covered(place: tuple[int, int], findings: tuple[Finding, ...]) -> bool:
    """Whether findings leave nothing of a place."""
    start, end = place
    for one in findings:
        if one.start <= start < one.end:
            start = one.end
    return start >= end


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def korean_documents(folder: Path, half: str = "all") -> Iterator[Case]:
    """The Korean documents with expected values; the halves go by their id."""
    for row in _rows(folder / "pii" / "korean_documents.jsonl"):
        if not in_half(str(row["id"]), half):
            continue
        text = row["document_text"]
        values = {(one["type"], one["value"]) for one in row["expected_pii"]}
        yield Case(
            text,
            tuple((KOREAN_KINDS[kind], _places(text, value)) for kind, value in sorted(values) if kind in KOREAN_KINDS),
        )


def korean_sentences(folder: Path, half: str = "all") -> Iterator[Case]:
    """Korean sentences with the places of persons' names, and of nothing else that is looked for."""
    for row in _rows(folder / "pii" / "korean_names_konne.jsonl"):
        if in_half(str(row["id"]), half):
            spans = tuple(((Kind.NAME,), ((start, end),)) for start, end, kind in row["label"] if kind == "PS_NAME")
            yield Case(row["text"], spans)


def english_texts(folder: Path, name: str, half: str = "all") -> Iterator[Case]:
    """English texts with places; the halves go by the template that a text was made from."""
    for row in _rows(folder / "pii" / f"english_{name}.jsonl"):
        if in_half(f"{name}:{row['template_id']}", half):
            yield Case(
                row["full_text"],
                tuple(
                    (ENGLISH_KINDS[one["entity_type"]], ((one["start_position"], one["end_position"]),))
                    for one in row["spans"]
                    if one["entity_type"] in ENGLISH_KINDS
                ),
            )


def in_half(key: str, half: str) -> bool:
    """Whether a record belongs to a half; Invalid for a half that there is not."""
    if half not in HALVES:
        raise Invalid(f"There is no half {half[:40]!r}", hint=f"Use one of: {', '.join(HALVES)}.")
    return half == "all" or hashlib.sha256(key.encode()).digest()[0] % 2 == HALVES.index(half) - 1


def _places(text: str, value: str) -> tuple[tuple[int, int], ...]:
    """Every place of a value; where it was broken over lines, the places of the whole by its words."""
    places: list[tuple[int, int]] = []
    at = text.find(value)
    while at >= 0:
        places.append((at, at + len(value)))
        at = text.find(value, at + len(value))
    return tuple(places)


def _rows(path: Path) -> Iterator[Any]:
    """The records of a file."""
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except FileNotFoundError:
        raise Missing(f"there is no {path.name} below the data folder", hint="Name the folder with --data.") from None
