"""Words of closed lists, and times, as sentences about a resume or a score say them in Korean or English."""

from collections.abc import Mapping
from typing import Final

from hirehub.services.ai.scoring.model import Language

_KOREAN: Final = {
    "English": "영어",
    "Korean": "한국어",
    "Japanese": "일본어",
    "Chinese": "중국어",
    "Spanish": "스페인어",
    "French": "프랑스어",
    "German": "독일어",
    "Russian": "러시아어",
    "Vietnamese": "베트남어",
    "Thai": "태국어",
    "Indonesian": "인도네시아어",
    "Arabic": "아랍어",
    "Italian": "이탈리아어",
    "Portuguese": "포르투갈어",
    "Hindi": "힌디어",
    "Ukrainian": "우크라이나어",
    "Polish": "폴란드어",
    "full-time": "정규직",
    "contract": "계약직",
    "intern": "인턴",
    "part-time": "시간제",
    "freelance": "프리랜서",
    "onsite": "출근",
    "remote": "재택",
    "hybrid": "재택과 출근 병행",
}
_ENGLISH: Final = {
    "intern": "internship",
    "contract": "contract work",
    "onsite": "on-site",
    "서울": "Seoul",
    "부산": "Busan",
    "대구": "Daegu",
    "인천": "Incheon",
    "광주": "Gwangju",
    "대전": "Daejeon",
    "울산": "Ulsan",
    "세종": "Sejong",
    "경기": "Gyeonggi",
    "강원": "Gangwon",
    "충북": "Chungbuk",
    "충남": "Chungnam",
    "전북": "Jeonbuk",
    "전남": "Jeonnam",
    "경북": "Gyeongbuk",
    "경남": "Gyeongnam",
    "제주": "Jeju",
}
SAID: Final[Mapping[Language, Mapping[str, str]]] = {"ko": _KOREAN, "en": _ENGLISH}
"""What is said for a value of a closed list; the value itself where nothing stands here."""

_TIMES: Final[Mapping[Language, tuple[str, str, str, str]]] = {
    "ko": ("1년", "{}년", "1개월", "{}개월"),
    "en": ("1 year", "{} years", "1 month", "{} months"),
}


def duration(months: int, language: Language) -> str:
    """Years and months; what is 0 is left out, unless all is."""
    year, years, month, more = _TIMES[language]
    whole, rest = divmod(months, 12)
    parts = [year if whole == 1 else years.format(whole)] if whole else []
    if rest or not whole:
        parts.append(month if rest == 1 else more.format(rest))
    return " ".join(parts)
