"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_such_application": "지원 내역이 없습니다.",
    "no_such_application.hint": "/api/v1/applications 에서 내 지원 내역을 확인하세요.",
    "no_such_post": "채용공고가 없습니다.",
    "no_such_post.hint": "/api/v1/jobs 에서 진행 중인 공고를 확인하세요.",
    "post_not_open": "마감된 공고입니다.",
    "post_not_open.hint": "/api/v1/jobs 에서 진행 중인 공고를 확인하세요.",
    "no_such_resume": "내 이력서 중에 없는 이력서입니다.",
    "no_such_resume.hint": "본인 이력서의 id 를 보내세요.",
    "already_applied": "이미 지원한 공고입니다.",
    "already_applied.hint": "/api/v1/applications 에서 지원 내역을 확인하세요.",
    "nothing_pending": "보류 중인 불합격 처리가 없습니다.",
    "nothing_pending.hint": "이미 통보된 결과는 되돌릴 수 없습니다.",
    "already_pending": "이미 불합격 처리가 보류 중입니다.",
    "already_pending.hint": "pending-status 를 DELETE 하면 취소됩니다.",
    "which_applications": "어느 공고나 회사의 지원 내역인지 알려 주세요.",
    "which_applications.hint": "job_id 또는 company_id 를 보내세요.",
    "wrong_application_state": "지원의 현재 상태에서는 할 수 없는 일입니다.",
    "wrong_application_state.hint": "지금 상태는 $status 입니다. 여기서 갈 수 있는 상태만 고르세요.",
    "not_your_move": "상대방만 할 수 있는 일입니다.",
    "no_such_interview": "면접 일정이 없습니다.",
    "interview_over": "이미 끝났거나 취소된 면접입니다.",
    "interview_over.hint": "새 면접을 잡으세요. 피드백은 지금도 쓸 수 있습니다.",
    "bad_interview_time": "면접 시간은 지금 이후, 2년 이내여야 합니다.",
    "bad_interview_time.hint": "scheduled_at 을 확인하세요.",
    "no_such_zone": "그런 이름의 시간대가 없습니다.",
    "no_such_zone.hint": "Asia/Seoul 같은 IANA 이름을 쓰세요.",
    "not_an_interviewer": "면접관이 회사의 구성원이 아닙니다.",
    "too_many_interviews": "지원 하나에 잡을 수 있는 면접의 수를 넘었습니다.",
}
