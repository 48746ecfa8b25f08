"""Dresses findings with their places and words: the evidence of a score."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from hirehub.services.ai.parsing.model import PostSpan, Span
from hirehub.services.ai.scoring.model import Evidence, Stated, Wanted
from hirehub.services.ai.scoring.parts import Finding, role_share
from hirehub.services.ai.scoring.views import PostView, ResumeView

MOST_WORDS = 8
"""So many shared words are cited."""


def evidence(found: Iterable[Finding], resume: ResumeView, post: PostView) -> Iterator[Evidence]:
    """The evidence of each finding, in its order."""
    for one in found:
        if one.rule in {"skill_named", "skill_listed", "skill_implied", "skill_missing"}:
            yield _skill(one, resume, post)
        elif one.rule == "work_words":
            yield _words(one, resume, post)
        elif one.part == "experience":
            rules = {"years": _years, "relevance": _relevance, "role": _role, "headline": _now, "latest": _now}
            yield rules[one.rule](one, resume, post)
        elif one.rule == "languages":
            yield _language(one, resume, post)
        else:
            yield _stated(one, resume, post)


def _dressed(
    one: Finding,
    subject: str,
    words: str,
    places: tuple[PostSpan, ...],
    spans: tuple[Span, ...],
    detail: tuple[str | int, ...] = (),
) -> Evidence:
    share = Fraction(one.met, one.whole)
    return Evidence(one.part, one.rule, subject, one.weight, share, words, places, spans, detail)


def _skill(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    asked = post.skills[one.at][0]
    through = resume.held.get(asked.name, (0, None))[1]
    shown = through or asked.name
    spans = next((skill.spans for skill in resume.facts.skills if one.met and skill.name == shown), ())
    detail: tuple[str | int, ...] = (int(asked.preferred), through) if through else (int(asked.preferred),)
    return _dressed(one, asked.name, asked.words, asked.spans, spans, detail)


def _words(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    """The words that both sides use, those that make most of the number first.

    A Korean word may stand for several words of work: it is cited once.
    """
    shared = {word: value * resume.words[word] for word, value in post.words if word in resume.words}
    cited = sorted(shared, key=lambda word: (-shared[word], word))[:MOST_WORDS]
    asked = {row[0]: row for row in post.facts.work}
    own = {row[0]: row for row in resume.facts.work}
    words = ", ".join(dict.fromkeys(asked[word][1] for word in cited))
    places = tuple(dict.fromkeys(PostSpan(*asked[word][3:]) for word in cited))
    spans = tuple(dict.fromkeys(Span(*own[word][2:]) for word in cited))
    return _dressed(one, "work", words, places, spans, (len(shared),))


def _years(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    years = post.facts.years
    assert years is not None  # noqa: S101 - the rule found years
    facts = resume.facts
    spans = tuple(span for job in facts.jobs for span in job.spans) if resume.worked else facts.stated_spans
    detail = (years.least, resume.worked or facts.stated_months or 0)
    return _dressed(one, "years", years.words, (years.span,), spans, detail)


def _relevance(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    names = {asked.name for asked, _ in post.skills}
    shown = tuple(span for job in resume.jobs if not names.isdisjoint(job.held) for span in job.fact.spans)
    places = tuple(asked.spans[0] for asked, _ in post.skills)
    words = ", ".join(asked.words for asked, _ in post.skills)
    detail = (round(Fraction(one.met * resume.worked, one.whole)), resume.worked)
    return _dressed(one, "relevance", words, places, shown, detail)


def _role(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    """The words of the title, and those of the positions that are of its kind."""
    alike = [job for job in resume.jobs if role_share(job.role, post)]
    spans = tuple(dict.fromkeys(Span(*word[1:]) for job in alike for word in job.fact.role))
    detail = (round(Fraction(one.met * resume.worked, one.whole)), resume.worked)
    return _dressed(one, "role", *_title(post), spans, detail)


def _now(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    """The words of the title, and those of the headline or of the positions that ended last."""
    last = [word for job in resume.latest if role_share(job.role, post) for word in job.fact.role]
    rows = resume.facts.headline if one.rule == "headline" else last
    spans = tuple(dict.fromkeys(Span(*word[1:]) for word in rows))
    return _dressed(one, one.rule, *_title(post), spans)


def _title(post: PostView) -> tuple[str, tuple[PostSpan, ...]]:
    """The words of work of the title in their order, and their places."""
    rows = post.facts.role
    words = ", ".join(dict.fromkeys(row[1] for row in sorted(rows, key=lambda row: row[2])))
    return words, tuple(dict.fromkeys(PostSpan("title", row[2], row[3]) for row in rows))


def _language(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    wanted = post.facts.languages[one.at]
    spans = next((known.spans for known in resume.facts.languages if known.value == wanted.value), ())
    return _dressed(one, wanted.value, wanted.words, (wanted.span,), spans)


def _stated(one: Finding, resume: ResumeView, post: PostView) -> Evidence:
    mine, theirs = resume.facts, post.facts
    both: dict[str, tuple[Stated | None, Wanted | None]] = {
        "work_form": (mine.work_form, theirs.work_form),
        "remote": (mine.remote, theirs.remote),
        "place": (mine.place, theirs.place),
    }
    stated, wanted = both[one.rule]
    assert stated is not None  # noqa: S101 - the rule compared both
    assert wanted is not None  # noqa: S101 - the rule compared both
    return _dressed(one, wanted.value, wanted.words, (wanted.span,), stated.spans, (wanted.value, stated.value))
