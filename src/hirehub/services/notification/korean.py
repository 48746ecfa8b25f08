"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_such_notification": "알림이 없습니다.",
    "no_such_notification.hint": "/api/v1/notifications 에서 내 알림을 확인하세요.",
    "no_such_device": "등록된 기기가 없습니다.",
    "no_such_device.hint": "/api/v1/devices 에서 내 기기를 확인하세요.",
    "too_many_devices": "등록할 수 있는 기기 수를 넘었습니다.",
    "too_many_devices.hint": "쓰지 않는 기기를 먼저 지우세요.",
    "no_address": "메일을 보낼 주소가 없습니다.",
    "no_such_template": "알림 템플릿이 없습니다.",
    "no_such_template.hint": "/api/v1/notification-templates 에서 확인하세요.",
    "template_refused": "쓸 수 없는 템플릿입니다.",
    "template_refused.hint": "{{이름}} 과 {% if 이름 %} ... {% endif %} 만 쓸 수 있습니다.",
    "template_value_missing": "템플릿에 넣을 값이 없습니다.",
    "bad_quiet_hours": "방해 금지 시간이 올바르지 않습니다.",
    "bad_quiet_hours.hint": "서로 다른 시작과 끝을 함께 보내거나 둘 다 null 로 보내세요.",
    "no_such_time_zone": "없는 시간대입니다.",
    "no_such_time_zone.hint": "Asia/Seoul 과 같은 IANA 이름을 쓰세요.",
    "rule.value_error.a time of the day without a zone; time_zone says which": (
        "시간대 없는 시각이어야 합니다. 시간대는 time_zone 으로 정합니다."
    ),
    "rule.value_error.printable ASCII without blanks": "공백 없는 ASCII 글자만 쓸 수 있습니다.",
}
