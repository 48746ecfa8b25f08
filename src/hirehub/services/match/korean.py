"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_such_match": "매칭 결과가 없습니다.",
    "no_such_match.hint": "/api/v1/recommendations 또는 /api/v1/matches?job_id=... 에서 확인하세요.",
    "which_matches": "어느 공고나 이력서의 매칭 결과인지 알려 주세요.",
    "which_matches.hint": "job_id 또는 resume_id 를 보내세요.",
    "no_feedback": "이 매칭에 남긴 의견이 없습니다.",
    "no_feedback.hint": "POST 로 의견을 남길 수 있습니다.",
}
