"""What errors of /graphql say in Korean, by code: those that a caller can put right, beside the kernel's words."""

from typing import Final

KOREAN: Final = {
    "not_found": "검색에 쓸 벡터가 있는 항목이 없습니다.",
    "not_found.hint": "목록에서 얻은 id 를 쓰세요.",
    "bad_request": "GraphQL 요청으로 읽을 수 없습니다.",
    "bad_request.hint": '{"query": "...", "variables": {...}} 를 application/json 으로 POST 하세요.',
    "forbidden": "이 질의의 항목 일부를 볼 권한이 없습니다.",
    "forbidden.hint": "후보자는 회사의 구성원이, 서비스의 상태는 관리자가 볼 수 있습니다. 그 항목을 빼고 보내세요.",
    "bad_id": "id 가 UUID 가 아닙니다.",
    "bad_id.hint": "id 는 018f0000-0000-7000-8000-000000000000 과 같은 모양입니다.",
    "bad_cursor": "커서를 읽을 수 없습니다.",
    "bad_cursor.hint": "이전 응답의 마지막 커서를 그대로 보내세요.",
    "bad_filter": "조건에 쓸 수 없는 값이 있습니다.",
    "bad_filter.hint": "범위는 작은 값부터 쓰고, 값의 수와 길이를 줄이세요.",
    "wrong_dimension": "벡터의 차원이 저장된 벡터와 다릅니다.",
    "wrong_dimension.hint": "저장된 벡터는 $expected 차원이고 보낸 벡터는 $actual 차원입니다. 같은 모델로 만드세요.",
    "not_finite": "벡터에 쓸 수 없는 수가 있습니다.",
    "not_finite.hint": "$place 번째 수를 확인하세요. 0부터 셉니다.",
    "zero_vector": "모든 수가 0인 벡터는 방향이 없어 비교할 수 없습니다.",
    "limit_too_large": "한 번에 너무 많이 요청했습니다.",
    "limit_too_large.hint": "$most 이하로 요청하고, 나머지는 `after` 로 이어서 조회하세요.",
    "dimensions_differ": "두 종류의 벡터는 차원이 달라 비교할 수 없습니다.",
    "dimensions_differ.hint": "두 종류를 같은 모델로 다시 올려야 합니다.",
    "query_too_deep": "질의의 단계가 너무 깊습니다.",
    "query_too_deep.hint": "$most 단계까지 쓸 수 있습니다. 안쪽은 다음 질의로 나누세요.",
    "too_many_aliases": "별칭이 너무 많습니다.",
    "too_many_aliases.hint": "$most 개까지 쓸 수 있습니다. 여러 id 를 한 번에 묻거나 질의를 나누세요.",
    "query_too_costly": "한 질의로 너무 많은 항목을 요청했습니다.",
    "query_too_costly.hint": "$most 개까지 요청할 수 있습니다. 수를 줄이거나 질의를 나누세요.",
}
