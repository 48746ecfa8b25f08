"""The words that open a section of a resume, Korean and English."""

import re

_HEADINGS = {
    "experience": (
        "experience|work experience|professional experience|work history|employment history|employment|career history"
        "|relevant experience|professional background|job experience|career|working experience|professional history"
        "|related experience|other experience|additional experience|internships|internship experience"
        "|military experience|volunteer experience|volunteer work|경력|경력사항|근무경력|경력기술서|주요경력|업무경력"
        "|직장경력"
        "|재직경력"
        "|경력요약|경력내용|인턴경력|경력및경험|인턴|근무이력|경력상세|상세경력|주요경력사항|인턴십|업무경험|회사경력"
    ),
    "education": (
        "education|studies|educations"
        "|academic background|education and training|educational background|academic qualifications"
        "|education & training|education/training|academics|academic history|학력|학력사항|최종학력|학력정보|학력및교육"
        "|교육및학력"
    ),
    "skills": (
        "skills|technical skills|core qualifications|qualifications|highlights|skill highlights|core competencies"
        "|areas of expertise|technologies|tech stack|key skills|professional skills|computer skills|skills & tools"
        "|skills and tools|technical proficiencies|technical expertise|areas of strength|skills summary|expertise|tools"
        "|summary of skills|core skills|additional skills|technical summary|it skills|my skills|skill set|competencies"
        "|기술|기술스택|보유기술|스킬|핵심역량|사용기술|보유역량|보유스킬|사용가능기술|기술역량|사용가능언어|전문분야|기술사항|보유능력"
    ),
    "summary": (
        "summary|professional summary|executive summary|profile|career overview|objective|career objective|about me"
        "|career focus|professional profile|overview|summary of qualifications|about|executive profile|career summary"
        "|소개|자기소개|자기소개서|간단소개|요약|지원동기|한줄소개"
    ),
    "certificates": (
        "certifications|certificates|licenses|certifications and licenses|licenses and certifications|credentials"
        "|자격|자격증|자격사항|자격면허|자격증및면허|면허"
    ),
    "languages": "languages|language|language skills|foreign languages|외국어|어학|어학능력|외국어능력|어학사항|언어"
    "|공인어학성적",
    "projects": "projects|personal projects|key projects|project experience|academic projects|프로젝트|프로젝트경험"
    "|주요프로젝트|개인프로젝트",
    "achievements": (
        "accomplishments|awards|honors|achievements|awards and honors|honors and awards|publications|presentations"
        "|수상|수상경력|수상내역|성과|주요성과|논문|특허"
    ),
    "training": "training|courses|coursework|professional development|trainings|교육|교육사항|교육이수|교육이력"
    "|교육수료"
    "|연수",
    "activities": "activities|interests|hobbies|affiliations|professional affiliations|memberships"
    "|activities and honors"
    "|community service|대외활동|활동|동아리|봉사활동|기타활동|취미",
    "personal": "personal information|contact|personal details|additional information|references|contact information"
    "|인적사항|개인정보|연락처|병역|병역사항|기본정보|기타|기타사항|희망조건|희망근무조건|근무조건|desired position"
    "|preferences",
}
_PLAIN = re.compile(r"[^a-z가-힣&/]+")
_KIND = {_PLAIN.sub("", word): kind for kind, words in _HEADINGS.items() for word in words.split("|")}
_ASIDE = re.compile(r"\([^()]*\)")
_LEADING = re.compile(r"^\s*([^:：\n]{2,30})\s*[:：]\s*\S")
_DATED = re.compile(r"(?:19|20)\d\d|['’‘`]\d\d|\d\d\s?[./년]\s?\d")
_AND = re.compile(r"\s*(?:[&/+,]|\band\b|\s및\s)\s*")
_TAIL = re.compile(
    r"\s+(?:details?|qualifications?|background|history|information|records?|profile|summary|credentials|사항|정보|내역)$"
)
_SCHOOLING = re.compile(r"(?:education(?:al)?|academics?|studies|학력)(?![a-z가-힣])")
_LONGEST = 45
_KEY_PROJECTS = re.compile(r"주요|key|[:：]\s*$", re.IGNORECASE)


def heading_kind(words: str) -> str | None:
    """Which section a line opens, None when it is no heading. A line with a date in it is none."""
    if not 2 <= len(words) <= _LONGEST or words.endswith((".", ",")) or _DATED.search(words):
        return None
    low = _ASIDE.sub("", words.lower())
    return _known(low) or _compound(low)


def label_kind(line: str) -> tuple[str, int] | None:
    """The section that a line's label names, with content behind it, and where the label ends."""
    leading = _LEADING.match(line)
    kind = heading_kind(leading[1].strip()) if leading else None
    return (kind, leading.end(1)) if leading and kind else None


def is_heading(words: str) -> bool:
    """Whether a line is a heading or begins with one as its label."""
    return heading_kind(words) is not None or label_kind(words) is not None


def is_of_a_job(words: str) -> bool:
    """Whether a heading of projects can stand inside a job: its key projects, or a list that it begins."""
    return _KEY_PROJECTS.search(words) is not None


def _known(low: str) -> str | None:
    return _KIND.get(_PLAIN.sub("", low))


def _compound(low: str) -> str | None:
    """The kind of a heading of several words: jobs before schools before the first, when every part is known."""
    plain = low.strip(" \t:：-–—•*#■◆▶[]<>")
    if not _AND.search(plain) and not _TAIL.search(plain):
        return None
    parts = [part for part in _AND.split(plain) if part]
    if not 1 <= len(parts) <= 3:
        return None
    kinds = [_known(part) or _known(_TAIL.sub("", part)) or _schooling(part) for part in parts]
    if None in kinds and kinds[0] != "education":
        return None
    return next((kind for kind in ("experience", "education") if kind in kinds), kinds[0])


def _schooling(part: str) -> str | None:
    return "education" if _SCHOOLING.match(part) and _TAIL.sub("", part) != part else None
