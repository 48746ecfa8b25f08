"""The templates as they are since the fourth revision: all of ours, once more in better words, and two more events.

They name nothing that a program of before does not know, so that both can run side by side. Frozen with that revision.
"""

from typing import Final

_NAMED: Final = "{% if job_title %}: {{job_title}}{% endif %}"
_OF_POST_KO: Final = "{% if job_title %}{{job_title}} 포지션의 {% else %}지원하신 포지션의 {% endif %}"
_SCORE_EN: Final = "{% if match_score %}\n\nScore: {{match_score}} of 100{% endif %}"
_OF_POST_EN: Final = "{% if job_title %} for {{job_title}}{% endif %}"
_WHEN_KO: Final = "\n\n일시: {{scheduled_at}}"
_WHEN_EN: Final = "\n\nWhen: {{scheduled_at}}"
_WHERE_KO: Final = "{% if location %}\n방식: {{location}}{% endif %}"
_WHERE_EN: Final = "{% if location %}\nHow: {{location}}{% endif %}"
_MORE_KO: Final = "\n\n자세한 내용과 캘린더 파일은 지원 내역에서 확인해 주세요."
_MORE_EN: Final = "\n\nYour application shows everything else about it, and a file for your calendar."
_APPLICATION: Final = "{{application_url}}"

_TEXTS: Final = {
    ("resume.processed", "ko"): (
        "{% if ready %}이력서 분석이 끝났습니다{% else %}이력서를 읽지 못했습니다{% endif %}",
        (
            "{% if ready %}이제 이 이력서로 지원할 수 있습니다. 잘 맞는 채용공고가 있으면 추천해 드립니다."
            "{% else %}{% if reason %}사유: {{reason}}.\n\n{% endif %}"
            "글자를 선택할 수 있는 PDF, DOCX, HWP, HWPX, TXT 파일로 다시 올려 주세요.{% endif %}"
        ),
        "{{resume_url}}",
    ),
    ("resume.processed", "en"): (
        "{% if ready %}Your resume is ready{% else %}Your resume could not be read{% endif %}",
        (
            "{% if ready %}You can apply with it now, and posts that fit it are recommended to you."
            "{% else %}{% if reason %}Reason: {{reason}}.\n\n{% endif %}"
            "Please upload it again as a PDF, DOCX, HWP, HWPX or TXT file whose text can be selected.{% endif %}"
        ),
        "{{resume_url}}",
    ),
    ("match.recommended", "ko"): (
        f"추천 채용공고{_NAMED}",
        (
            "이력서와 잘 맞는 채용공고를 찾았습니다.\n\n"
            "{% if job_title %}채용공고: {{job_title}}\n{% endif %}매칭 점수: {{score}}점 (100점 만점)"
        ),
        "{{job_url}}",
    ),
    ("match.recommended", "en"): (
        f"A post that fits you{_NAMED}",
        "A post fits your resume.\n\n{% if job_title %}Post: {{job_title}}\n{% endif %}Score: {{score}} of 100",
        "{{job_url}}",
    ),
    ("application.submitted", "ko"): (
        f"새로운 지원자가 있습니다{_NAMED}",
        (
            "{% if job_title %}{{job_title}} 포지션에 {% endif %}새로운 지원서가 도착했습니다. 지원서를 확인해 주세요."
            "{% if match_score %}\n\n매칭 점수: {{match_score}}점 (100점 만점){% endif %}"
        ),
        _APPLICATION,
    ),
    ("application.submitted", "en"): (
        f"A new application{_NAMED}",
        f"There is a new application{_OF_POST_EN}. It waits for your review.{_SCORE_EN}",
        _APPLICATION,
    ),
    ("application.status_changed", "ko"): (
        f"지원 상태가 변경되었습니다{_NAMED}",
        (
            "{% if job_title %}{{job_title}} {% endif %}지원 상태가 변경되었습니다.\n\n현재 상태: {{new_status}}\n\n"
            "자세한 내용과 다음 단계는 지원 내역에서 확인해 주세요."
        ),
        _APPLICATION,
    ),
    ("application.status_changed", "en"): (
        f"Your application has changed{_NAMED}",
        f"Your application{_OF_POST_EN} is now: {{{{new_status}}}}.\n\nOpen it to see more, and what comes next.",
        _APPLICATION,
    ),
    ("application.answered", "ko"): (
        f"지원자가 결정했습니다{_NAMED}",
        (
            "{% if job_title %}{{job_title}} 포지션의 {% endif %}지원자가 지원 상태를 변경했습니다.\n\n"
            "현재 상태: {{new_status}}"
        ),
        _APPLICATION,
    ),
    ("application.answered", "en"): (
        f"An applicant has decided{_NAMED}",
        f"An application{_OF_POST_EN} is now: {{{{new_status}}}}, by the applicant.",
        _APPLICATION,
    ),
    ("interview.scheduled", "ko"): (
        f"면접 일정이 잡혔습니다{_NAMED}",
        f"{_OF_POST_KO}면접 일정을 알려 드립니다.{_WHEN_KO}{_WHERE_KO}{_MORE_KO}",
        _APPLICATION,
    ),
    ("interview.scheduled", "en"): (
        f"Your interview is scheduled{_NAMED}",
        f"Your interview{_OF_POST_EN} is scheduled.{_WHEN_EN}{_WHERE_EN}{_MORE_EN}",
        _APPLICATION,
    ),
    ("interview.changed", "ko"): (
        f"면접 일정이 변경되었습니다{_NAMED}",
        f"{_OF_POST_KO}면접이 변경되었습니다. 아래 내용으로 다시 확인해 주세요.{_WHEN_KO}{_WHERE_KO}{_MORE_KO}",
        _APPLICATION,
    ),
    ("interview.changed", "en"): (
        f"Your interview has changed{_NAMED}",
        f"Your interview{_OF_POST_EN} has changed. This is what holds now.{_WHEN_EN}{_WHERE_EN}{_MORE_EN}",
        _APPLICATION,
    ),
    ("interview.cancelled", "ko"): (
        f"면접이 취소되었습니다{_NAMED}",
        (
            f"{_OF_POST_KO}면접이 취소되었습니다.\n\n취소된 일시: {{{{scheduled_at}}}}\n\n"
            "지원은 취소되지 않았습니다. 지원 내역에서 확인해 주세요."
        ),
        _APPLICATION,
    ),
    ("interview.cancelled", "en"): (
        f"Your interview is cancelled{_NAMED}",
        (
            f"Your interview{_OF_POST_EN} will not take place.\n\nIt was to be: {{{{scheduled_at}}}}\n\n"
            "Your application goes on. Open it to see where it stands."
        ),
        _APPLICATION,
    ),
}

_DIGEST: Final = {
    "ko": ("추천 채용공고 {{count}}건", "이력서와 잘 맞는 채용공고 {{count}}건을 찾았습니다.", "{{links}}"),
    "en": ("{{count}} posts that fit you", "{{count}} posts fit your resume.", "{{links}}"),
}
_STOP: Final = {
    "ko": "추천 메일을 그만 받으려면 알림 설정에서 꺼 주세요.",
    "en": "You can switch these mails off in your notification settings.",
}

Row = tuple[str, str, str, str, str, str, int]


def rows() -> list[Row]:
    """Each template: name, event, channel, language, subject, body, priority."""
    found: list[Row] = []
    for (event, language), (subject, text, link) in _TEXTS.items():
        stop = f"\n\n{_STOP[language]}" if event == "match.recommended" else ""
        bodies = {"in_app": text, "email": f"{text}\n\n{link}{stop}", "push": text, "sms": f"{text}\n{link}"}
        for channel, body in bodies.items():
            found.append((f"{event}.{channel}.{language}", event, channel, language, subject, body, 0))
    for language, (subject, text, link) in _DIGEST.items():
        body = f"{text}\n\n{link}\n\n{_STOP[language]}"
        found.append((f"match.digest.email.{language}", "match.digest", "email", language, subject, body, 0))
    return found
