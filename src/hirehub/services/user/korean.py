"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "bad_email": "이메일 주소가 올바르지 않습니다.",
    "weak_password": "비밀번호가 너무 짧거나 길거나, 추측하기 쉽습니다.",
    "weak_password.hint": (
        "10자 이상 128자 이하로, 여러 단어를 이어 쓰는 것이 좋습니다."
        " 이메일 주소가 들어 있거나, 같은 말을 되풀이하거나, 흔히 쓰는 비밀번호는 쓸 수 없습니다."
    ),
    "bad_credentials": "이메일 주소 또는 비밀번호가 맞지 않습니다.",
    "bad_credentials.hint": "다시 시도하거나 메일로 비밀번호를 다시 정하세요.",
    "bad_refresh_token": "갱신 토큰이 더 이상 유효하지 않습니다.",
    "bad_refresh_token.hint": "다시 로그인하세요.",
    "bad_mail_token": "이 링크는 더 이상 쓸 수 없습니다.",
    "bad_mail_token.hint": "새 메일을 요청하세요.",
    "account_suspended": "이용이 정지된 계정입니다.",
    "account_suspended.hint": "관리자에게 문의하세요.",
    "no_such_user": "사용자가 없습니다.",
    "no_such_profile": "이 계정에는 구직자 프로필이 없습니다.",
    "bad_profile": "프로필 값이 서로 맞지 않습니다.",
    "bad_profile.hint": "희망 연봉의 하한은 상한보다 클 수 없습니다.",
    "wrong_account_state": "계정의 현재 상태에서는 할 수 없습니다.",
    "email_taken": "이미 계정이 있는 주소입니다.",
    "password_needed": "현재 비밀번호가 맞지 않습니다.",
    "hashing_busy": "동시에 로그인하는 사람이 너무 많습니다.",
    "hashing_busy.hint": "잠시 후 다시 시도하세요.",
    "no_such_company": "회사가 없습니다.",
    "no_such_member": "회사에 그런 구성원이 없습니다.",
    "no_such_invitation": "받으신 초대가 아니거나 더 이상 유효하지 않습니다.",
    "no_such_invitation.hint": "초대받은 주소로 로그인하세요.",
    "already_member": "이미 구성원입니다.",
    "last_primary": "마지막 대표 담당자는 나갈 수 없습니다.",
    "last_primary.hint": "먼저 다른 구성원을 대표 담당자로 지정하세요.",
    "business_number_taken": "이미 등록된 사업자 번호입니다.",
    "rule.value_error.This is no e-mail address.": "이메일 주소가 아닙니다.",
    "rule.value_error.This address has letters that nobody sees.": (
        "주소에 보이지 않는 문자가 있습니다. 붙여 넣지 말고 직접 입력하세요."
    ),
    "rule.value_error.whole characters only": "온전한 글자만 쓸 수 있습니다.",
}
