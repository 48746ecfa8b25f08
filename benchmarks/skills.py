"""Finding skills in text: the product's finder beside one regular expression of all the same names.

The text is made of the sample's own sentences and the taxonomy's names, half of it Korean, the same from the same seed.
Both sides read it in turn, some rounds each; the figure is the middle one. The expression knows no word bounds in
Hangul, no case rules and no doubtful names, so that it does less work for what it finds.
"""

import argparse
import json
import random
import re
import statistics
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hirehub.services.ai.skills.finder import Finder, load_finder

MEGABYTES, ROUNDS, SEED = 2.0, 5, 20
TEXTS = Path(__file__).resolve().parents[1] / "scripts" / "sample_texts"
_KOREAN = (
    "{}를 활용한 서비스 개발 경험이 있으신 분",
    "{} 기반의 대규모 시스템을 설계하고 운영합니다.",
    "유관 부서와 원활하게 소통하며 일정을 관리하는 업무",
    "{}, {} 사용에 능숙하며 새로운 기술을 배우는 데 적극적인 분",
    "고객의 문제를 이해하고 끝까지 해결하려는 책임감이 있으신 분",
)


def sentences(value: object) -> Iterator[str]:
    """Every text of a parsed document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from sentences(one)
    elif isinstance(value, list):
        for one in value:
            yield from sentences(one)


def make_text(finder: Finder, megabytes: float) -> str:
    """About so many megabytes (10^6 bytes in UTF-8) of posts in both languages."""
    dice = random.Random(SEED)
    english = [
        one for path in sorted(TEXTS.glob("*.toml")) for one in sentences(tomllib.loads(path.read_text("utf-8")))
    ]
    korean = [name for skill in finder.taxonomy.skills.values() for name in skill.ko]
    lines, size = [], 0
    while size < megabytes * 1e6:
        form = dice.choice(_KOREAN)
        named = form.format(*dice.sample(korean, form.count("{}")))
        line = f"{dice.choice(english)}\n{named}"
        lines.append(line)
        size += len(line.encode()) + 1
    return "\n".join(lines)


def alternation(finder: Finder) -> Callable[[str], int]:
    """The plain way: every spelling in one expression, the longest first, with the bounds of Latin words."""
    names = {one for skill in finder.taxonomy.skills.values() for one in skill.spellings}
    ordered = "|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one)))
    pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{ordered})(?![A-Za-z0-9])", re.IGNORECASE)
    return lambda text: sum(1 for _ in pattern.finditer(text))


def measure(megabytes: float, rounds: int) -> dict[str, Any]:
    """Megabytes a second of each side and their ratio."""
    finder = load_finder()
    text = make_text(finder, megabytes)
    small = text[: len(text) // 20]
    size, small_size = len(text.encode()) / 1e6, len(small.encode()) / 1e6
    plain = alternation(finder)
    taken: dict[str, list[float]] = {"finder": [], "expression": []}
    found = {"finder": 0, "expression": 0}
    for _ in range(rounds):
        began = time.perf_counter()
        found["finder"] = len(finder.find(text))
        taken["finder"].append(size / (time.perf_counter() - began))
        began = time.perf_counter()
        found["expression"] = plain(small)
        taken["expression"].append(small_size / (time.perf_counter() - began))
    speed = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "skills": len(finder.taxonomy.skills),
        "megabytes": round(size, 2),
        "found": found["finder"],
        "megabytes_a_second": {name: round(value, 3) for name, value in speed.items()},
        "ratio": round(speed["finder"] / speed["expression"], 1),
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=MEGABYTES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true")
    words = parser.parse_args()
    found = measure(words.megabytes, words.rounds)
    if words.json:
        print(json.dumps(found))
        return
    speed = found["megabytes_a_second"]
    print(f"{found['megabytes']} MB, {found['skills']:,} skills, {found['found']:,} found")
    print(f"  finder {speed['finder']} MB/s, one expression {speed['expression']} MB/s: x {found['ratio']}")


if __name__ == "__main__":
    main()
