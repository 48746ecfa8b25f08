"""The templates that are there from the start: the reference's three, then ours for every event, channel and language.

The reference's need values that no fact tells yet (the applicant's name, the company's, a place). They have the higher
priority and are used where all of theirs are there. Frozen with the first revision.
"""

from typing import Final

_KEEP: Final = "{{company_name}}의 {{job_title}} "

REFERENCE: Final = (
    (
        "application_submitted_email",
        "application.submitted",
        "email",
        "새로운 지원자가 있습니다: {{job_title}}",
        (
            "{{applicant_name}}님이 {{job_title}} 포지션에 지원했습니다.\\n\\n매칭 점수: {{match_score}}점\\n\\n"
            "지원서 확인하기: {{application_url}}"
        ),
    ),
    (
        "status_changed_push",
        "application.status_changed",
        "push",
        "지원 상태가 변경되었습니다",
        f'{_KEEP}지원 상태가 "{{{{new_status}}}}"로 변경되었습니다.',
    ),
    (
        "interview_scheduled_email",
        "interview.scheduled",
        "email",
        "면접 일정이 확정되었습니다: {{company_name}}",
        (
            f"{_KEEP}포지션 면접이 예정되었습니다.\\n\\n일시: {{{{scheduled_at}}}}\\n장소: {{{{location}}}}\\n\\n"
            "자세한 내용은 앱에서 확인해주세요."
        ),
    ),
)

_POST_KO: Final = "{% if job_title %}{{job_title}} {% endif %}"
_POST_EN: Final = "{% if job_title %} for {{job_title}}{% endif %}"

_TEXTS: Final = {
    ("resume.processed", "ko"): (
        "{% if ready %}이력서 분석이 끝났습니다{% else %}이력서를 읽지 못했습니다{% endif %}",
        (
            "{% if ready %}이제 이력서로 지원하고 추천을 받을 수 있습니다.{% else %}다른 파일로 다시 올려 주세요."
            "{% if reason %} (사유: {{reason}}){% endif %}{% endif %}"
        ),
        "{{resume_url}}",
    ),
    ("resume.processed", "en"): (
        "{% if ready %}Your resume is ready{% else %}Your resume could not be read{% endif %}",
        (
            "{% if ready %}You can apply with it now, and posts that fit it are recommended to you.{% else %}"
            "Please upload another file.{% if reason %} (Reason: {{reason}}){% endif %}{% endif %}"
        ),
        "{{resume_url}}",
    ),
    ("match.recommended", "ko"): (
        "추천 채용공고{% if job_title %}: {{job_title}}{% endif %}",
        "이력서와 잘 맞는 채용공고가 있습니다. 매칭 점수: {{score}}점",
        "{{job_url}}",
    ),
    ("match.recommended", "en"): (
        "A post that fits you{% if job_title %}: {{job_title}}{% endif %}",
        "A post fits your resume. Score: {{score}} of 100",
        "{{job_url}}",
    ),
    ("application.submitted", "ko"): (
        "새로운 지원자가 있습니다{% if job_title %}: {{job_title}}{% endif %}",
        f"{_POST_KO}포지션에 새로운 지원서가 도착했습니다.",
        "{{application_url}}",
    ),
    ("application.submitted", "en"): (
        "A new application{% if job_title %}: {{job_title}}{% endif %}",
        f"There is a new application{_POST_EN}.",
        "{{application_url}}",
    ),
    ("application.status_changed", "ko"): (
        "지원 상태가 변경되었습니다",
        f'{_POST_KO}지원 상태가 "{{{{new_status}}}}"(으)로 변경되었습니다.',
        "{{application_url}}",
    ),
    ("application.status_changed", "en"): (
        "Your application has changed",
        f"Your application{_POST_EN} is now: {{{{new_status}}}}.",
        "{{application_url}}",
    ),
    ("interview.scheduled", "ko"): (
        "면접 일정이 확정되었습니다",
        f"{_POST_KO}포지션 면접이 예정되었습니다. 일시: {{{{scheduled_at}}}}",
        "{{application_url}}",
    ),
    ("interview.scheduled", "en"): (
        "Your interview is scheduled",
        f"Your interview{_POST_EN} takes place on {{{{scheduled_at}}}}.",
        "{{application_url}}",
    ),
}

_DIGEST: Final = {
    "ko": ("추천 채용공고 {{count}}건", "이력서와 잘 맞는 채용공고 {{count}}건이 있습니다.", "{{links}}"),
    "en": ("{{count}} posts that fit you", "{{count}} posts fit your resume.", "{{links}}"),
}

Row = tuple[str, str, str, str, str, str, int]


def rows() -> list[Row]:
    """Each template: name, event, channel, language, subject, body, priority."""
    found: list[Row] = [
        (name, event, channel, "ko", subject, body, 1) for name, event, channel, subject, body in REFERENCE
    ]
    for (event, language), (subject, text, link) in _TEXTS.items():
        for channel in ("in_app", "email", "push", "sms"):
            body = f"{text}\n\n{link}" if channel == "email" else text
            found.append((f"{event}.{channel}.{language}", event, channel, language, subject, body, 0))
    for language, (subject, text, link) in _DIGEST.items():
        body = f"{text}\n\n{link}"
        found.append((f"match.digest.email.{language}", "match.digest", "email", language, subject, body, 0))
    return found
