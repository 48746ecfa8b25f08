"""A post's parts as values: the skills it requires and prefers, years, work form, remote work, place, languages."""

import re
from collections.abc import Callable, Iterator, Mapping

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.parsing.languages import NAMES
from hirehub.services.ai.parsing.model import Asked, AskedYears, Post, PostPart, PostSkill, PostSpan
from hirehub.services.ai.parsing.pages import bounded
from hirehub.services.ai.parsing.wishes import form_in, region_in, remote_in
from hirehub.services.ai.parsing.years import find_years
from hirehub.services.ai.skills.finder import Finder, load_finder

MOST_LETTERS = 200_000
_LONGEST_LINE = 120
_NEAR = 120
"""Words that make a skill a preferred one stand within so many letters of it, on its line."""
_ORDER: tuple[PostPart, ...] = ("title", "required", "description", "tasks", "preferred", "benefits", "location")
_HEADINGS: tuple[tuple[PostPart, re.Pattern[str]], ...] = (
    (
        "preferred",
        re.compile(
            r"우대\s*(?:사항|조건|요건)?|(?:이런|이러한)\s*(?:분|경험).{0,12}(?:우대|더\s*좋|금상첨화)|preferred(?:\s+(?:qualifications|skills|experience))?"
            r"|nice[- ]to[- ]haves?|bonus(?:\s+points)?|pluses|desired(?:\s+(?:skills|qualifications))?|good to have",
            re.IGNORECASE,
        ),
    ),
    (
        "required",
        re.compile(
            r"(?:자격|지원|필수|응시)\s*(?:요건|조건|자격|사항)|(?:minimum|basic|required|key)?\s*(?:requirements|qualifications|skills)"
            r"|what (?:you.?ll need|we.?re looking for)|must[- ]haves?|who you are|이런\s*분.{0,10}(?:찾|함께|원)",
            re.IGNORECASE,
        ),
    ),
    (
        "tasks",
        re.compile(
            r"(?:주요|담당|수행)\s*업무|하는\s*일|responsibilities|what you.?ll do|duties|the role|job description"
            r"|role overview",
            re.IGNORECASE,
        ),
    ),
    (
        "benefits",
        re.compile(
            r"복지(?:\s*(?:및|/|·)\s*(?:혜택|환경|문화))?|혜택|복리후생"
            r"|benefits|perks|what we offer|전형\s*절차|채용\s*절차|지원\s*방법|hiring process",
            re.IGNORECASE,
        ),
    ),
    ("location", re.compile(r"근무\s*(?:지|지역|장소|위치)|location|work location", re.IGNORECASE)),
)
_SOFT_WORDS = re.compile(r"우대|preferred|a plus|is a plus|nice to have|desirable|bonus|가점", re.IGNORECASE)
_HARD_WORDS = re.compile(
    r"필수|필요|required|requirement|must(?:[- ]have)?|mandatory|essential|\bstrong\b|proficien", re.IGNORECASE
)
_SOFT_LABEL = re.compile(rf"[\W_]*(?:{_SOFT_WORDS.pattern})[^:：\n]{{0,20}}[:：]", re.IGNORECASE)
_SOFT_HEADING = re.compile(
    r"(?:이런|이러한|다음|아래).{0,20}(?:있|이)으?(?:시|라)?면\s*(?:더|더욱)?\s*좋(?:아요|습니다|겠습니다|겠어요)"
    r"|있으(?:시)?면\s*(?:더|더욱)?\s*좋은\s*(?:역량|경험|기술|점|스킬|것)"
    r"|(?:it.?s )?(?:a )?bonus (?:points )?if you(?: have|.?ve(?: got)?)?",
    re.IGNORECASE,
)
"""Headings of what is preferred that read like sentences: all of a line, which may end as a sentence does."""
_LANGUAGE_ASKED = re.compile(
    r"fluent|proficien|native|business|communicat|speak|written|level|회화|능통|가능|능숙|비즈니스|소통|원어민|상급|유창",
    re.IGNORECASE,
)


Stretch = tuple[PostPart, PostPart, int, int]
"""A part, what stands there, and where."""


class PostTooLong(Invalid):
    """A post with more letters than are read."""

    code = "post_too_long"


def parse_post(parts: Mapping[PostPart, str], *, finder: Finder | None = None) -> Post:
    """What the parts of a post say. Headings inside a part tell its stretches apart: a whole text may be one part."""
    if sum(map(len, parts.values())) > MOST_LETTERS:
        raise PostTooLong(f"a post has at most {MOST_LETTERS:,} letters", hint="Shorten it.")
    parts = {part: bounded(text) for part, text in parts.items()}
    stretches = stretches_of(parts)
    return Post(
        skills=tuple(_skills(parts, stretches, finder or load_finder())),
        years=_years(parts, stretches),
        work_form=_first(parts, form_in, ("title", "required", "description", "benefits", "tasks")),
        remote=_first(parts, remote_in, ("title", "description", "required", "location", "benefits")),
        place=_first(parts, region_in, ("location",)) or _place(parts, stretches),
        languages=tuple(_languages(parts, stretches)),
    )


def stretches_of(parts: Mapping[PostPart, str]) -> list[Stretch]:
    """The stretches of a post, the title first."""
    return [
        (part, kind, start, end) for part in _ORDER if part in parts for kind, start, end in _stretches(part, parts)
    ]


def _stretches(part: PostPart, parts: Mapping[PostPart, str]) -> Iterator[tuple[PostPart, int, int]]:
    """Stretches of a part by its headings: what each is, its begin and end."""
    text, kind, begun, at = parts[part], part, 0, 0
    for line in text.split("\n"):
        opened = heading_of(line) if part != "title" else None
        if opened is not None and opened != kind:
            if begun < at:
                yield kind, begun, at
            kind, begun = opened, at
        at += len(line) + 1
    if begun < len(text):
        yield kind, begun, len(text)


def heading_of(line: str) -> PostPart | None:
    """Which stretch of a post a line opens; None when it is no heading."""
    if len(line) > _LONGEST_LINE:
        return None
    plain = re.sub(r"^[\W_]+|[\W_]+$", "", line)
    if _SOFT_HEADING.fullmatch(plain):
        return "preferred"
    if not 2 <= len(plain) <= 40 or line.rstrip().endswith((".", ",")):
        return None
    for kind, pattern in _HEADINGS:
        match = pattern.search(plain)
        if match and len(match[0]) * 2 >= len(plain):
            return kind
    return None


def _skills(parts: Mapping[PostPart, str], stretches: list[Stretch], finder: Finder) -> Iterator[PostSkill]:
    """The skills of title, tasks, required and preferred stretches; one that is required anywhere is required."""
    required: dict[str, list[PostSpan]] = {}
    preferred: dict[str, list[PostSpan]] = {}
    for part, kind, start, end in stretches:
        if kind in {"benefits", "location"}:
            continue
        text = parts[part]
        for found in finder.find(text[start:end]):
            at, after = start + found.start, start + found.end
            before = text[max(at - _NEAR, 0) : at].rpartition("\n")[2]
            line = before + text[at : after + _NEAR].partition("\n")[0]
            soft = kind == "preferred" or (kind != "title" and _softened(line, len(before)))
            span = PostSpan(part, start + found.start, start + found.end)
            (preferred if soft else required).setdefault(found.skill, []).append(span)
    for name, spans in required.items():
        yield PostSkill(name, preferred=False, spans=tuple(spans))
    for name, spans in preferred.items():
        if name not in required:
            yield PostSkill(name, preferred=True, spans=tuple(spans))


def _softened(line: str, at: int) -> bool:
    """Whether a skill at `at` of its line is only preferred: its clause says so, or all of the line.

    A clause without such a word goes with the one behind it (X, Y or Z is a plus), else with the one before.
    """
    if _SOFT_WORDS.search(line) is None:
        return False
    if _SOFT_LABEL.match(line):
        return True
    if _HARD_WORDS.search(line) is None:
        start, end = line.rfind(";", 0, at) + 1, line.find(";", at)
        return _SOFT_WORDS.search(line, start, end if end >= 0 else len(line)) is not None
    said: list[tuple[int, bool | None]] = []
    begun = 0
    for cut in (*(one.end() for one in re.finditer(r"[,;·]|필수", line)), len(line)):
        hard, soft = (words.search(line, begun, cut) for words in (_HARD_WORDS, _SOFT_WORDS))
        said.append((cut, None if hard is None and soft is None else soft is not None))
        begun = cut
    own = next(place for place, (cut, _) in enumerate(said) if at < cut)
    told = [*(soft for _, soft in said[own:]), *(soft for _, soft in reversed(said[:own]))]
    return next((soft for soft in told if soft is not None), False)


def _years(parts: Mapping[PostPart, str], stretches: list[Stretch]) -> AskedYears | None:
    if "title" in parts and (found := find_years("title", parts["title"])):
        return found
    for wanted in ("required", "description", "tasks"):
        for part, kind, start, end in stretches:
            if kind != wanted or part == "title":
                continue
            one = find_years(part, parts[part][start:end])
            if one is not None:
                return AskedYears(one.least, one.most, PostSpan(part, start + one.span.start, start + one.span.end))
    return None


def _first(
    parts: Mapping[PostPart, str], rule: Callable[[str], tuple[str, int, int] | None], order: tuple[PostPart, ...]
) -> Asked | None:
    for part in order:
        if part in parts and (found := rule(parts[part])):
            return Asked(found[0], PostSpan(part, found[1], found[2]))
    return None


_PLACE_LABEL = re.compile(r"(?:근무\s*(?:지|지역|장소|위치)|location)\s*[:：]\s*(?P<value>[^\n]{1,80})", re.IGNORECASE)


def _place(parts: Mapping[PostPart, str], stretches: list[Stretch]) -> Asked | None:
    for part, kind, start, end in stretches:
        if kind == "location" and part != "location" and (found := region_in(parts[part][start:end])):
            return Asked(found[0], PostSpan(part, start + found[1], start + found[2]))
    for part, text in parts.items():
        labelled = _PLACE_LABEL.search(text)
        if labelled and (found := region_in(labelled["value"])):
            at = labelled.start("value")
            return Asked(found[0], PostSpan(part, at + found[1], at + found[2]))
    return None


def _languages(parts: Mapping[PostPart, str], stretches: list[Stretch]) -> Iterator[Asked]:
    """Languages that are required in words that ask for them."""
    seen = set()
    for part, kind, start, end in stretches:
        if kind not in {"required", "description"}:
            continue
        text = parts[part]
        for name, words in NAMES.items():
            for match in re.compile(rf"(?<![A-Za-z가-힣])(?:{words})(?![a-z])", re.IGNORECASE).finditer(
                text, start, end
            ):
                around = text[max(match.start() - 40, start) : min(match.end() + 40, end)]
                if name not in seen and _LANGUAGE_ASKED.search(around) and not _SOFT_WORDS.search(around):
                    seen.add(name)
                    yield Asked(name, PostSpan(part, match.start(), match.end()))
