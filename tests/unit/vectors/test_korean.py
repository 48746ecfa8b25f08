"""Every Korean word of /graphql is of an error that can be met there, and each has room for what the error tells."""

from hirehub.kernel.auth import Forbidden
from hirehub.kernel.errors import HirehubError
from hirehub.services.vectors.domain import queries
from hirehub.services.vectors.graphql import errors, inputs, limits
from hirehub.services.vectors.korean import KOREAN
from hirehub.services.vectors.usecases.search import RowMissing

ENGINE = {"graphql_parse_failed", "graphql_validation_failed", "invalid"}
"""Codes whose messages are the engine's own."""


def test_each_code_has_its_words_and_no_other() -> None:
    kinds = {Forbidden, RowMissing} | {
        kind
        for module in (errors, inputs, limits, queries)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, HirehubError) and kind.__module__ == module.__name__
    }
    assert {kind.code for kind in kinds} - ENGINE == {key for key in KOREAN if not key.endswith(".hint")}
    assert {key.removesuffix(".hint") for key in KOREAN} <= KOREAN.keys()
