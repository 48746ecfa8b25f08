"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_such_resume": "이력서가 없습니다.",
    "no_such_resume.hint": "/api/v1/resumes 에서 본인의 이력서를 확인하세요.",
    "no_such_file": "파일이 없습니다.",
    "unknown_file_type": "읽을 수 없는 형식의 파일입니다.",
    "unknown_file_type.hint": "PDF 또는 DOCX 로 저장해 다시 올리세요.",
    "empty_file": "빈 파일입니다.",
    "empty_file.hint": "파일을 다시 선택하세요.",
    "file_too_large": "파일이 너무 큽니다.",
    "too_many_resumes": "이력서의 수가 한도에 이르렀습니다.",
    "too_many_resumes.hint": "필요 없는 이력서를 지우세요.",
    "too_many_watchers": "동시에 지켜볼 수 있는 이력서의 수가 한도에 이르렀습니다.",
    "too_many_watchers.hint": "열려 있는 연결 하나를 닫거나, 이력서를 직접 조회하세요.",
    "still_processing": "이력서를 읽고 있습니다.",
    "still_processing.hint": "상태가 ready 가 될 때까지 기다리세요.",
    "resume_not_ready": "읽지 못한 이력서는 대표 이력서로 정할 수 없습니다.",
    "resume_not_ready.hint": "상태가 ready 인 이력서를 고르거나, 파일을 다시 올리세요.",
    "rule.value_error.start_date is after end_date": "시작일이 종료일보다 늦습니다.",
}
