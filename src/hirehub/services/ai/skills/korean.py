"""Word bounds in Hangul: what may stand before and behind a skill's name in a run without blanks.

Short names want a proper end (nothing, a particle, a word such as 개발자, a verb's ending); names of four syllables and
more are rare enough to stand anywhere.
"""

import re
from functools import lru_cache

REACH = 8
"""So many syllables before a name tell whether it begins a word."""

MOST = 24
"""More syllables than that behind a name are no ending."""

ANYWHERE, LEADING = 4, 3
"""From so many syllables a name needs no proper end; from so many no proper beginning."""

_PARTICLES = (
    "을|를|이|가|은|는|과|와|의|에|에서|에게|로|으로|로서|으로서|로써|으로써|도|만|까지|부터|나|이나|랑|이랑|및|등|등을|등의|등에"
    "|등이|등과|처럼|보다|라는|이라는|든지|이든|라도|이라도|에는|에서의|로의|으로의|와의|과의|에도|로도|으로도|이며|이고|인|이다"
    "|입니다|란|이란|까지의|뿐|밖에|마다|별|간|용|형|내|중|시|후|상|적|식"
)
_COMPOUNDS = (
    "개발자|개발|기반|프로그래밍|프로그래머|프로그램|엔지니어링|엔지니어|서버|언어|프레임워크|활용|경험자|경험|사용자|사용|능숙|능력"
    "|역량|업무|담당자|담당|관리자|관리|기획자|기획|운영|분석가|분석|전문가|전문|전략|팀장|팀원|팀|부서|직무|직군|분야|관련|유관"
    "|전공자|전공|자격증|자격|시스템|솔루션|플랫폼|툴|앱|웹|기술|실무|가능자|가능|우대|유경험자|경력자|경력|지식|이해|환경"
    "|라이브러리|컨설팅|컨설턴트|교육|처리|작업|설계|구축|구현|지원|보조|사무|매니저|마케터|디자이너|디자인|리더|매니지먼트"
    "|프로세스|부문|본부|파트|총괄|인력|서비스|콘텐츠|컨텐츠|데이터|애플리케이션|어플리케이션|클라우드|인프라|클러스터|컨테이너"
    "|컴포넌트|프로젝트|모듈|모델|스킬|스택|문서|자료|현장|기사|산업기사|기능사|회사|법인|학과|학|과|사|직|원|실|업계|업체|업"
)
_VERBS = "하[가-힣]{0,3}|한|할|함|해[가-힣]{0,2}|했[가-힣]{0,2}|합니다|되[가-힣]{0,2}|된|될|됩니다"
_TAIL = re.compile(rf"(?:{_COMPOUNDS}){{0,3}}(?:{_PARTICLES}|{_VERBS})?")
_HEAD = re.compile(
    r".*(?:웹|앱|모바일|서버|백엔드|프론트엔드|해외|국내|온라인|디지털|기술|법인|일반|전문|경력|신입|총괄|고급|중급|초급|주니어"
    r"|시니어|및|등|또는|사내|전사|재무|세무|회계|인사|총무|생산|품질|영업|개발|기업|병원|매장|건축|기계|전기|전자)"
)


@lru_cache(maxsize=65536)
def ends_well(rest: str) -> bool:
    """Whether what stands behind a name in its run is no part of another word."""
    return not rest or (len(rest) <= MOST and _TAIL.fullmatch(rest) is not None)


@lru_cache(maxsize=65536)
def begins_well(before: str) -> bool:
    """Whether what stands before a name in its run is a word of its own."""
    return not before or _HEAD.fullmatch(before) is not None
