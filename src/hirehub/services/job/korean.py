"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_such_job": "채용공고가 없습니다.",
    "no_such_job.hint": "/api/v1/jobs 에서 진행 중인 공고를 확인하세요.",
    "wrong_job_state": "공고의 현재 상태에서는 할 수 없는 일입니다.",
    "wrong_job_state.hint": "지금 상태는 $status 입니다. draft 는 공개, open 은 마감, closed 는 재개할 수 있습니다.",
    "not_publishable": "아직 공개할 수 없는 공고입니다.",
    "not_publishable.hint": "본문을 쓰고 마감일이 지나지 않았는지 확인하세요.",
    "company_closed": "문을 닫은 회사입니다.",
    "company_closed.hint": "문을 닫은 회사의 공고는 새로 쓰거나 열 수 없습니다.",
    "over_already": "마감일이 이미 지났습니다.",
    "over_already.hint": "앞으로 올 시각을 expires_at 에 쓰거나, 비워 두세요.",
    "bad_range": "하한이 상한보다 큽니다.",
    "bad_range.hint": "두 값을 바꾸거나 하나를 비우세요.",
    "too_many_skills": "공고 하나에 적을 수 있는 기술의 수를 넘었습니다.",
    "no_such_skill": "기술 태그가 없습니다.",
    "no_text_search": "아직 본문 검색을 할 수 없습니다.",
    "no_text_search.hint": "q 를 빼고 필터를 쓰세요.",
}
