"""A score in words, Korean or English, made from its evidence alone.

Only names of the taxonomy, numbers and words of closed lists are said: nothing of a person can come through.
"""

from collections.abc import Iterator, Sequence

from hirehub.services.ai.scoring.model import Evidence, Language
from hirehub.services.ai.scoring.wording import SAID, duration

_MOST = 8
"""So many skills are named in a sentence; the rest is counted."""

_WORDS: dict[Language, dict[str, str]] = {
    "ko": {
        "required": "필수 기술 {all}개 중 {met}개가 이력서에 있습니다.",
        "preferred": "우대 기술 {all}개 중 {met}개가 이력서에 있습니다.",
        "titled": "제목에 있어 가장 크게 셈하는 기술: {names}.",
        "heaviest": "가장 크게 셈하는 기술: {names}.",
        "there": "확인된 기술: {names}.",
        "listed": "경력이나 프로젝트의 글에는 없고 이름만 적혀 {percent}%로 셈한 기술: {names}.",
        "implied": "{asked}: {known}에서 {percent}%로 미루어 봅니다.",
        "missing": "이력서에서 찾지 못한 기술: {names}.",
        "more": "{names} 외 {rest}개",
        "words": "기술 점수에 드는, 이력서의 경력에 같거나 가까운 말이 있는 공고의 업무 낱말: {names}.",
        "no_words": "공고의 업무 낱말과 같거나 가까운 말이 이력서의 경력에는 없으며, 이것도 기술 점수에 듭니다.",
        "role": "공고의 직무({words})와 직위가 닮은 만큼 셈하면 전체 {whole}개월 중 {fit}개월입니다.",
        "headline": "이력서 머리의 직무 이름은 공고의 직무({words})와 {percent}% 닮았습니다.",
        "latest": "가장 최근 직위는 공고의 직무({words})와 {percent}% 닮았습니다.",
        "years": "요구 경력 {asked}, 이력서의 경력 {worked}.",
        "years_none": "경력을 요구하지 않는 공고이며, 이력서의 경력은 {worked}입니다.",
        "relevance": "일마다 드러난 공고의 기술만큼 셈하면 전체 {whole}개월 중 {fit}개월이 관련 경력입니다.",
        "work_form": "근무 형태: 공고 {asked}, 희망 {stated}.",
        "remote": "근무 방식: 공고 {asked}, 희망 {stated}.",
        "place": "근무지: 공고 {asked}, 희망 {stated}.",
        "language_yes": "언어 {name}: 이력서에 있습니다.",
        "language_no": "언어 {name}: 이력서에서 찾지 못했습니다.",
        "nothing": "비교할 수 있는 내용이 없습니다.",
    },
    "en": {
        "required": "The resume shows {met} of {all} required skills.",
        "preferred": "The resume shows {met} of {all} preferred skills.",
        "titled": "Most weight, being in the title: {names}.",
        "heaviest": "Most weight: {names}.",
        "there": "Shown: {names}.",
        "listed": "Named, but in no text of a job or project, so counted at {percent}%: {names}.",
        "implied": "{asked}: inferred from {known} at {percent}%.",
        "missing": "Not found in the resume: {names}.",
        "more": "{names} and {rest} more",
        "words": "Words of the post's work that the jobs use or come close to, counted in the skill score: {names}.",
        "no_words": "The jobs use no words of the post's work, nor close ones; that counts in the skill score.",
        "role": "Jobs counted by how close their positions are to the title ({words}): {fit} of {whole} months.",
        "headline": "What the resume is headed with is {percent}% alike to the title ({words}).",
        "latest": "The latest position is {percent}% alike to the title ({words}).",
        "years": "Asked: {asked}; the resume shows {worked}.",
        "years_none": "The post asks for no years of work; the resume shows {worked}.",
        "relevance": "Jobs counted by how many of the post's skills they show, {fit} of {whole} months are relevant.",
        "work_form": "Work form: the post says {asked}, the resume wishes {stated}.",
        "remote": "Remote work: the post says {asked}, the resume wishes {stated}.",
        "place": "Place: the post says {asked}, the resume wishes {stated}.",
        "language_yes": "Language {name}: stated in the resume.",
        "language_no": "Language {name}: not found in the resume.",
        "nothing": "There is nothing that can be compared.",
    },
}


def explain(evidence: Sequence[Evidence], language: Language) -> str:
    """Sentences for the evidence, in its order."""
    said = [*_skills(evidence, language), *_others(evidence, language)]
    return " ".join(said) or _WORDS[language]["nothing"]


def _skills(evidence: Sequence[Evidence], language: Language) -> Iterator[str]:
    words = _WORDS[language]
    skills = [one for one in evidence if one.part == "skill" and one.rule != "work_words"]
    for preferred, key in ((0, "required"), (1, "preferred")):
        group = [one for one in skills if one.detail[0] == preferred]
        if group:
            met = sum(one.rule in {"skill_named", "skill_listed"} for one in group)
            yield words[key].format(met=met, all=len(group))
            if 0 < met < len(group):
                yield from _heaviest(group, words)
    for rule, key in (("skill_named", "there"), ("skill_missing", "missing")):
        names = [one.subject for one in skills if one.rule == rule]
        if names:
            yield words[key].format(names=_listed(names, words))
    listed = [one for one in skills if one.rule == "skill_listed"]
    for percent in sorted({int(one.share * 100) for one in listed}, reverse=True):
        names = [one.subject for one in listed if int(one.share * 100) == percent]
        yield words["listed"].format(names=_listed(names, words), percent=percent)
    implied = [one for one in skills if one.rule == "skill_implied"]
    for one in implied[:_MOST]:
        yield words["implied"].format(asked=one.subject, known=one.detail[1], percent=int(one.share * 100))


def _heaviest(group: Sequence[Evidence], words: dict[str, str]) -> Iterator[str]:
    """Which skills weigh more than others beside which they are counted: the count alone would not fit the score."""
    most = max(one.weight for one in group)
    heavy = [one for one in group if one.weight == most]
    if len(heavy) < len(group):
        titled = all(any(place.part == "title" for place in one.post_spans) for one in heavy)
        names = _listed([one.subject for one in heavy], words)
        yield words["titled" if titled else "heaviest"].format(names=names)


def _listed(names: list[str], words: dict[str, str]) -> str:
    shown = ", ".join(names[:_MOST])
    return words["more"].format(names=shown, rest=len(names) - _MOST) if len(names) > _MOST else shown


def _others(evidence: Sequence[Evidence], language: Language) -> Iterator[str]:
    words = _WORDS[language]
    for one in evidence:
        if one.rule == "work_words":
            yield words["words"].format(names=one.words) if one.words else words["no_words"]
        elif one.rule == "role":
            yield words["role"].format(words=one.words, fit=one.detail[0], whole=one.detail[1])
        elif one.rule in {"headline", "latest"}:
            yield words[one.rule].format(words=one.words, percent=int(one.share * 100))
        elif one.rule == "years":
            asked, worked = (duration(int(months), language) for months in (int(one.detail[0]) * 12, one.detail[1]))
            yield words["years" if one.detail[0] else "years_none"].format(asked=asked, worked=worked)
        elif one.rule == "relevance":
            yield words["relevance"].format(fit=one.detail[0], whole=one.detail[1])
        elif one.rule == "languages":
            yield words["language_yes" if one.share else "language_no"].format(name=_word(one.subject, language))
        elif one.part == "culture":
            asked_for, stated = (_word(str(value), language) for value in one.detail)
            yield words[one.rule].format(asked=asked_for, stated=stated)


def _word(value: str, language: Language) -> str:
    return SAID[language].get(value, value)
