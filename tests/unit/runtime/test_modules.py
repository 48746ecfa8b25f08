"""Names of services and their parts, as commands take them."""

import pytest

from hirehub.runtime.modules import MODULES, UnknownPart, parts, workers


def test_workers_are_the_parts_that_listen_nowhere_by_their_service_or_their_own_name() -> None:
    assert [part.name for part in workers()] == [p.name for module in MODULES for p in module.parts if p.worker]
    assert "ai.worker" in [part.name for part in workers()]
    assert workers(["ai"]) == workers(["ai.worker"]) == parts(["ai.worker"])


@pytest.mark.parametrize("name", ["user", "vectors.api", "nothing"])
def test_a_name_without_background_work_of_its_own_is_told_what_there_is(name: str) -> None:
    with pytest.raises(UnknownPart) as caught:
        workers([name])
    assert "ai.worker" in caught.value.hint
