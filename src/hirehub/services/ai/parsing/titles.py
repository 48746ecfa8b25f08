"""Words that tell a company, a position, a school and a degree, in both languages."""

import re

COMPANY = re.compile(
    r"\(주\)|㈜|주식회사|\(유\)|재단법인|사단법인|의료법인"
    r"|\b(?:inc|llc|ltd|corp|corporation|co|gmbh|plc|company|group|bank|hospital|university|college|institute|agency|solutions"
    r"|technologies|systems|services|partners|associates|consulting|labs?|studio|restaurant|hotel|store|foundation|center"
    r"|school|department of|ministry of|freelance(?:r)?)\b\.?"
    r"|[가-힣]{2,30}(?:전자|은행|그룹|병원|증권|생명|화재|건설|상사|물산|산업|공업|텔레콤|시스템즈|소프트|테크|랩스|컴퍼니|스튜디오|대학교|공사|공단|협회|재단|센터)(?![가-힣])",
    re.IGNORECASE,
)
POSITION = re.compile(
    r"\b(?:engineer|developer|programmer|manager|director|analyst|designer|consultant|administrator|architect|specialist"
    r"|coordinator|assistant|associate|accountant|officer|supervisor|lead(?:er)?|intern|technician|representative|rep"
    r"|executive|president|vp|ceo|cto|cfo|coo|founder|teacher|instructor|tutor|nurse|chef|cook|clerk|cashier|attendant"
    r"|trainer|coach|advisor|adviser|agent|buyer|planner|recruiter|researcher|scientist|professor|editor|writer|reporter"
    r"|producer|photographer|artist|operator|driver|laborer|worker|fore(?:wo)?man|mechanic|electrician|superintendent|inspector"
    r"|auditor|controller|bookkeeper|teller|banker|broker|attorney|lawyer|paralegal|counsel|advocate|secretary|receptionist"
    r"|server|bartender|host(?:ess)?|stylist|merchandiser|salesperson|sales|marketer|strategist|generalist|head|chief"
    r"|principal|partner|owner|tester|qa|devops|scrum master|product owner|volunteer|captain|sergeant|aide|therapist"
    r"|counselor|pilot|superviser|member|trainee|apprentice|staff|pharmacist|physician|dentist|freelancer?)s?\b"
    r"|개발자|엔지니어|매니저|디자이너|기획자|마케터|연구원|연구소장|분석가|컨설턴트|팀장|실장|본부장|부장|차장|과장|대리|주임|사원|인턴|책임|선임"
    r"|수석|팀원|파트장|이사|대표|강사|교사|간호사|조리사|셰프|점장|매니져|담당자|아르바이트|프리랜서|PD|PM|PL",
    re.IGNORECASE,
)
_SHORT = (
    "서울|연세|고려|서강|성균관|한양|중앙|경희|건국|동국|홍익|국민|숭실|세종|광운|단국|명지|상명|가천|아주|인하|인천|경기|한국항공|항공|가톨릭|카톨릭"
    "|이화|서울교|경인교|부산교|한국교원|교원|한국체|한예종|삼육|성공회|한신|수원|강남|용인|을지|차의과|한성|서경|총신|안양|평택|협성"
    "|경북|부산|전남|전북|충남|충북|강원|제주|경상|경상국립|부경|동아|영남|계명|대구|대구가톨릭|조선|원광|순천향|한림|울산|창원|한동|호서|백석|선문"
    "|남서울|목포|순천|군산|안동|공주|한밭|배재|한남|대전|우송|청주|서원|신라|동의|경성|동서|인제|고신|경남|건양|목원|세명|극동|중원|나사렛|상지|경일"
)
"""Universities by their short names, which stand before 대: a rule alone would take 현대 and 세대 for schools."""

SCHOOL = re.compile(
    r"\b(?:university|college|institute|school|academy|polytechnic|univ)\b"
    r"|(?-i:\b(?:KAIST|POSTECH|UNIST|D?GIST|MIT|I?IIT|IISc|EPFL|ETH|UCLA|NYU|Caltech|(?:Georgia|Virginia) Tech)\b)"
    r"|카이스트|포스텍|유니스트|지스트|디지스트|사관학교|전문대(?![가-힣])"
    r"|[가-힣]{1,30}(?:여대|공대|외대|과기대|방통대|사이버대|시립대|산업대|과학고|외고|마이스터고|특성화고)(?![가-힣])"
    rf"|(?<![가-힣])(?:{_SHORT})대(?![가-힣])"
    r"|[가-힣A-Za-z]{1,30}(?:대학교|대학원|대학|고등학교|여고|공고|상고|과학기술원|폴리텍)",
    re.IGNORECASE,
)
_DEGREES = (
    ("doctorate", r"\bph\.?\s?d\b|\bdoctor(?:ate)?\b|\bj\.?d\b\.?|\bm\.d\.|박사"),
    (
        "master",
        r"\bmaster(?:'s|’s|s)?\b|\bm\.?b\.?a\b|\bm\.\s?s\b|\bm\.?sc\b|\bm\.\s?a\b|\bm\.?ed\b|\bmfa\b|\bM\.?S\.?(?=\s(?:in|of)\b)|석사",
    ),
    (
        "bachelor",
        r"\bbachelor(?:'s|’s|s)?\b|\bb\.\s?s\b|\bb\.\s?a\b|\bb\.?(?:sc|tech|eng|com)\b|\b(?:bba|bs|ba|bfa|undergraduate)\b|(?<!전문)학사",
    ),
    ("associate", r"\bassociate(?:'s|’s|s)?\s+(?:degree|of|in)\b|\ba\.\s?a\b|\ba\.?a\.?s\b|전문학사|2년제|3년제"),
    ("high school", r"\bhigh school\b|\bged\b|\bdiploma\b|고등학교|고졸"),
)
DEGREES = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in _DEGREES)
_GAP = re.compile(
    r"\b(?:career|employment)[ -](?:break|gap)\b|\bgap year\b|\bsabbatical\b"
    r"|\b(?:maternity|paternity|parental|child ?care|family)[ -]leave\b"
    r"|육아\s?휴직|출산\s?휴가|육아\s?휴가|병가|휴직\s?기간|경력\s?단절|공백기|공백\s?기간|안식년",
    re.IGNORECASE,
)
_LEFT = re.compile(r"졸업|재학|휴학|수료|중퇴|\bgraduated\b", re.IGNORECASE)
_FIELD_OF = (
    r"\bmajor(?:ed|ing)?\s*(?:in|:)?"
    r"|\b(?:degree|bachelor(?:'s|’s)?|master(?:'s|’s)?|associate(?:'s|’s)?|b\.?\s?s\.?c?|b\.?\s?a|m\.?\s?s\.?c?|m\.?\s?a"
    r"|[bm]\.?\s?(?:tech|eng|com|ed)|[bm]\.?b\.?a|bfa|mfa"
    r"|ph\.?\s?d|arts|science|diploma)\.?\s*(?:degree\s*)?(?:in\b|[,:\-–])"
)
MAJOR = re.compile(
    rf"(?i:{_FIELD_OF})\s*(?P<en>[A-Z][A-Za-z&/ ]{{2,50}})"
    r"|(?P<ko>[가-힣A-Za-z·]{1,20}(?:학과|공학과|학부|전공|공학|교육과|계열)|[가-힣]{2,12}과(?=[\s,)]|$))"
)

_FROM = re.compile(r"\s+(?:from|at)\s+")


def degree_of(words: str) -> str | None:
    """The highest degree that the words name, None without one."""
    return next((name for name, pattern in DEGREES if pattern.search(words)), None)


def major_of(words: str) -> str | None:
    """The field of study that the words name, None without one."""
    for match in MAJOR.finditer(words):
        named = _FROM.split(match["en"] or match["ko"])[0]
        if SCHOOL.search(named) is None and (major := named.strip(" -·").removesuffix("전공").strip()):
            return major
    return None


def is_gap(words: str) -> bool:
    """Whether words name a time without work, as a leave or a break, and no position."""
    return _GAP.search(words) is not None and POSITION.search(words) is None


def is_study(words: str) -> bool:
    """Whether words name a school with a degree of it, or with how it ended, and no position there."""
    if SCHOOL.search(words) is None:
        return False
    degree = degree_of(words)
    named = POSITION.search(words.lower().replace("associate", ""))
    return named is None and (degree not in (None, "high school") or _LEFT.search(words) is not None)
