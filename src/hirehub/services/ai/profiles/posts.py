"""A post as matching knows it: what its text says, and what its fields say in a word."""

from collections.abc import Iterator
from typing import Final

from hirehub.contracts.job import PostText
from hirehub.services.ai.masking.mask import is_korean
from hirehub.services.ai.parsing.model import Asked, AskedYears, Post, PostPart, PostSkill, PostSpan
from hirehub.services.ai.parsing.posts import parse_post
from hirehub.services.ai.profiles.values import Profile
from hirehub.services.ai.scoring.facts import post_facts
from hirehub.services.ai.scoring.model import AskedSkill
from hirehub.services.ai.skills.taxonomy import Taxonomy, load_taxonomy

_REQUIRED: Final = 6
_PREFERRED: Final = 2
_COMMON: Final = 2
"""A soft or common skill finds candidates so many times less."""
_WORDS: Final[tuple[PostPart, ...]] = ("title", "description", "required", "location")
Parts = dict[PostPart, str]


def post_profile(post: PostText) -> Profile:
    """A post's profile. A field that is filled counts for more than what the text says of the same."""
    taxonomy = load_taxonomy()
    parts = _parts(post)
    words: Parts = {part: parts[part] for part in _WORDS if part in parts}
    read = parse_post(words)
    facts = post_facts(_overlaid(read, post, parts, taxonomy), parts)
    text = "\n".join(parts[part] for part in ("title", "required", "description") if part in parts)
    return Profile(
        id=post.id,
        owner_id=post.company_id,
        version=post.version,
        facts=facts,
        skills={one.name: skill_weight(one, taxonomy) for one in facts.skills},
        language="ko" if is_korean(text) else "en",
        text=text,
        title=post.title,
    )


def _parts(post: PostText) -> Parts:
    found: Parts = {"title": post.title}
    if post.description:
        found["description"] = post.description
    if post.requirements:
        found["required"] = post.requirements
    if post.location:
        found["location"] = post.location
    if post.skills:
        found["skills"] = "\n".join(name for name, _ in post.skills)
    if post.experience_min is not None:
        found["experience_min"] = str(post.experience_min)
    if post.job_type:
        found["job_type"] = post.job_type
    if post.remote_type:
        found["remote_type"] = post.remote_type
    return found


def _overlaid(read: Post, post: PostText, parts: Parts, taxonomy: Taxonomy) -> Post:
    years = read.years
    if post.experience_min is not None:
        years = AskedYears(post.experience_min, None, _whole(parts, "experience_min"))
    return Post(
        skills=tuple(_skills(read, post, taxonomy)),
        years=years,
        work_form=Asked(post.job_type, _whole(parts, "job_type")) if post.job_type else read.work_form,
        remote=Asked(post.remote_type, _whole(parts, "remote_type")) if post.remote_type else read.remote,
        place=read.place,
        languages=read.languages,
    )


def _whole(parts: Parts, part: PostPart) -> PostSpan:
    return PostSpan(part, 0, len(parts[part]))


def _skills(read: Post, post: PostText, taxonomy: Taxonomy) -> Iterator[PostSkill]:
    """Skills that the company lists, then those of the text alone; a name that nobody knows cannot be judged."""
    listed: dict[str, tuple[bool, list[PostSpan]]] = {}
    at = 0
    for name, required in post.skills:
        known = taxonomy.named(name)
        if known is not None:
            before = listed.setdefault(known.name, (required, []))
            before[1].append(PostSpan("skills", at, at + len(name)))
        at += len(name) + 1
    mentioned = {one.name: one for one in read.skills}
    for name, (required, spans) in listed.items():
        more = mentioned[name].spans if name in mentioned else ()
        yield PostSkill(name, preferred=not required, spans=(*spans, *more))
    yield from (one for one in read.skills if one.name not in listed)


def skill_weight(asked: AskedSkill, taxonomy: Taxonomy) -> int:
    """How much a skill counts where candidates are looked for."""
    skill = taxonomy.skills.get(asked.name)
    weight = _PREFERRED if asked.preferred else _REQUIRED
    return weight // _COMMON if skill is not None and (skill.common or skill.category == "soft") else weight
