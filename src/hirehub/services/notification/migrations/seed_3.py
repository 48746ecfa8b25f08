"""The templates of what a company hears when a job seeker accepts or withdraws. Frozen with the third revision."""

from typing import Final

Row = tuple[str, str, str, str, str, str, int]

_EVENT: Final = "application.answered"
_LINK: Final = "{{application_url}}"
_TEXTS: Final = {
    "ko": (
        "지원자의 결정{% if job_title %}: {{job_title}}{% endif %}",
        '{% if job_title %}{{job_title}} {% endif %}지원자가 지원 상태를 "{{new_status}}"(으)로 바꾸었습니다.',
    ),
    "en": (
        "An applicant has decided{% if job_title %}: {{job_title}}{% endif %}",
        "An application{% if job_title %} for {{job_title}}{% endif %} is now: {{new_status}}, by the applicant.",
    ),
}


def rows() -> list[Row]:
    """Each template: name, event, channel, language, subject, body, priority."""
    return [
        (
            f"{_EVENT}.{channel}.{language}",
            _EVENT,
            channel,
            language,
            subject,
            f"{text}\n\n{_LINK}" if channel == "email" else text,
            0,
        )
        for language, (subject, text) in _TEXTS.items()
        for channel in ("in_app", "email", "push", "sms")
    ]
