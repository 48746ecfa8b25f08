"""Conditions on metadata as SQL. Column names come from the domains' descriptions; values travel as parameters."""

from dataclasses import dataclass

from psycopg import sql

from hirehub.services.vectors.domain.domains import Domain
from hirehub.services.vectors.domain.queries import Filter, Test

Params = dict[str, object]

_TESTS = {
    Test.AT_LEAST: sql.SQL("{column} >= {value}"),
    Test.AT_MOST: sql.SQL("{column} <= {value}"),
    Test.ONE_OF: sql.SQL("{column} = ANY({value}::text[])"),
    Test.HAS_ANY: sql.SQL("{column} && {value}::text[]"),
    Test.HAS_ALL: sql.SQL("{column} @> {value}::text[]"),
}
_TEXTS = {"text": sql.SQL("{column}"), "text[]": sql.SQL("array_to_string({column}, ' ')")}
_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class Shape:
    """What of a filter stands in the statement; filters of one shape differ in parameters only."""

    tests: tuple[tuple[str, Test], ...] = ()
    words: int = 0

    def __bool__(self) -> bool:
        return bool(self.tests or self.words)


def shape_of(wanted: Filter) -> Shape:
    """The filter without its values."""
    return Shape(tuple((one.column, one.test) for one in wanted.conditions), len(wanted.words))


def condition(domain: Domain, shape: Shape, table: str) -> sql.Composable:
    """The condition over the table (or alias) of the domain's metadata; TRUE for no filter."""
    parts: list[sql.Composable] = []
    for place, (column, test) in enumerate(shape.tests):
        value = sql.Placeholder(f"filter_{place}")
        parts.append(_TESTS[test].format(column=sql.Identifier(table, column), value=value))
    contains, texts = sql.SQL("{} ILIKE {}"), _haystack(domain, table)
    parts += [contains.format(texts, sql.Placeholder(f"word_{place}")) for place in range(shape.words)]
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")


def params(wanted: Filter) -> Params:
    """The filter's values, by the names that `condition` gives them."""
    found: Params = {}
    for place, one in enumerate(wanted.conditions):
        found[f"filter_{place}"] = list(one.value) if isinstance(one.value, tuple) else one.value
    for place, word in enumerate(wanted.words):
        found[f"word_{place}"] = f"%{word.translate(_ESCAPED)}%"
    return found


def where(domain: Domain, wanted: Filter, table: str) -> tuple[sql.Composable, Params]:
    """Condition and values at once."""
    return condition(domain, shape_of(wanted), table), params(wanted)


def _haystack(domain: Domain, table: str) -> sql.Composable:
    """All texts of a row, one after the other."""
    texts = [
        _TEXTS[column.kind].format(column=sql.Identifier(table, column.name))
        for column in domain.columns
        if column.kind in _TEXTS
    ]
    return sql.SQL("concat_ws(' ', {})").format(sql.SQL(", ").join(texts))
