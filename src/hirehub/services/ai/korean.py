"""What the service's problem documents say in Korean, by code."""

from typing import Final

KOREAN: Final = {
    "no_model": "글을 벡터로 바꿀 모델이 없습니다.",
    "no_model.hint": "HIREHUB_AI__MODEL__NAME 에 모델을 적거나 `make setup` 을 실행하세요.",
    "model_unavailable": "지금은 모델을 쓸 수 없습니다.",
    "model_unavailable.hint": "모델 설정을 확인한 뒤 다시 시도하세요.",
}
