"""What is found: a kind and a place, never the value."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BARRIER: Final = "\ue000"
"""Stands for each character of a mask while rules look: a finding never holds one."""


class Kind(StrEnum):
    """Kinds of personal data."""

    RESIDENT = "resident_number"
    FOREIGNER = "foreigner_number"
    SOCIAL = "social_security_number"
    PASSPORT = "passport"
    LICENCE = "driver_licence"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    BIRTH = "birth_date"
    AGE = "age"
    GENDER = "gender"
    MARITAL = "marital_status"
    NATIONALITY = "nationality"
    ACCOUNT = "account"
    CARD = "card"
    PROFILE = "profile"
    BUSINESS = "business_number"
    NETWORK = "ip_address"
    MEMBER = "member_number"
    VEHICLE = "vehicle_number"


KOREAN: Final = {
    Kind.RESIDENT: "주민등록번호",
    Kind.FOREIGNER: "외국인등록번호",
    Kind.SOCIAL: "사회보장번호",
    Kind.PASSPORT: "여권번호",
    Kind.LICENCE: "운전면허번호",
    Kind.PHONE: "전화번호",
    Kind.EMAIL: "이메일",
    Kind.ADDRESS: "주소",
    Kind.NAME: "이름",
    Kind.BIRTH: "생년월일",
    Kind.AGE: "나이",
    Kind.GENDER: "성별",
    Kind.MARITAL: "혼인 여부",
    Kind.NATIONALITY: "국적",
    Kind.ACCOUNT: "계좌번호",
    Kind.CARD: "카드번호",
    Kind.PROFILE: "프로필",
    Kind.BUSINESS: "사업자번호",
    Kind.NETWORK: "IP 주소",
    Kind.MEMBER: "개인 식별번호",
    Kind.VEHICLE: "차량번호",
}
"""The word of a mask in a Korean text."""

ENGLISH: Final = {kind: kind.value.replace("_", " ") for kind in Kind}
"""The word of a mask in any other text."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Personal data of one kind at `start` to `end` (characters of the text, or of the page where one is named)."""

    start: int
    end: int
    kind: Kind
    page: int | None = None
    """Counts from 0; None where the text has no pages."""

    @property
    def length(self) -> int:
        """Characters."""
        return self.end - self.start
