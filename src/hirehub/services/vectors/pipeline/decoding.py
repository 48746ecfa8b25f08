"""From wire messages to groups of rows.

A message is read column by column with calls that run in C, and proven sound as a whole; only where the proof fails is
each row judged by itself. So a clean stream costs no Python statement per row, and a bad row costs one row. The code
here is pure and runs in a worker thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from typing import Any

import numpy as np

from hirehub.kernel.errors import Broken
from hirehub.services.vectors.domain.domains import Column
from hirehub.services.vectors.pipeline.group import Group, Placed
from hirehub.services.vectors.pipeline.letters import letter_of
from hirehub.services.vectors.pipeline.rules import (
    FLOAT_BYTES,
    LEAST_MICROS,
    MOST_MICROS,
    Floats,
    Row,
    Rules,
    fault_of,
    parse_id,
    value_of,
)
from hirehub.services.vectors.pipeline.wire import read_row

_ID_CHARS = 36
_ID_DASHES = [8, 13, 18, 23]
_ID_DIGITS = [place for place in range(_ID_CHARS) if place not in _ID_DASHES]
_DASH = ord("-")


class DecoderDisagrees(Broken):
    """Rows that were found sound one by one are not sound together."""

    code = "decoder_disagrees"


def decode(
    rules: Rules,
    rows: Sequence[Row],
    *,
    arrival_micros: int,
    size: int = 0,
    wires: Callable[[], Sequence[bytes]] | None = None,
) -> Group:
    """Rows of one domain as a group: the sound ones in columns, a dead letter for each other one.

    `arrival_micros` stands in for an updated_at that is not told; `size` is the rows' bytes on the wire. `wires` gives
    each row's own bytes for its dead letter, and is asked only where a row is bad; rows that were never sent have none.
    """
    group = _all_sound(rules, rows, arrival_micros)
    if group is None:
        own = [row.SerializeToString(deterministic=True) for row in rows] if wires is None else wires()
        group = _one_by_one(rules, rows, own, arrival_micros)
    return replace(group, size=size)


def decode_row(rules: Rules, wire: bytes, *, arrival_micros: int) -> Group:
    """One row, by the very same judgement: a group of one sound row, or of one dead letter.

    Raises UnreadableMessage for bytes that are no row.
    """
    row = read_row(rules.message, wire)
    return decode(rules, [row], arrival_micros=arrival_micros, size=len(wire), wires=lambda: [wire])


def _one_by_one(rules: Rules, rows: Sequence[Row], wires: Sequence[bytes], arrival_micros: int) -> Group:
    sound: list[Row] = []
    dead: list[Placed] = []
    for row, wire in zip(rows, wires, strict=True):
        fault = fault_of(rules, row)
        if fault is None:
            sound.append(row)
        else:
            dead.append(Placed(len(sound), letter_of(rules, row, wire, fault, arrival_micros)))
    group = _all_sound(rules, sound, arrival_micros)
    if group is None:
        raise DecoderDisagrees("Rows that are sound one by one are not sound together.", hint="Please report this.")
    return replace(group, dead=tuple(dead))


def _all_sound(rules: Rules, rows: Sequence[Row], arrival_micros: int) -> Group | None:
    """The rows as a group, where all of them are sound; None where that cannot be proven."""
    if not rows:
        return _empty(rules, arrival_micros)
    ids = _ids([row.id for row in rows])
    vectors = _vectors(rules.dimension, [row.vector for row in rows])
    if ids is None or vectors is None:
        return None
    columns = tuple(_column(rules, rows, column) for column in rules.domain.columns)
    if not all(map(_sound_column, (rules,) * len(columns), rules.domain.columns, columns)):
        return None
    times = [row.updated_at_micros for row in rows]
    if min(times) < LEAST_MICROS or max(times) > MOST_MICROS:
        return None
    micros = np.array(times, np.int64)
    told = micros != 0
    micros[~told] = arrival_micros
    return Group(rules, ids, micros, told, columns, vectors, arrival_micros)


def _empty(rules: Rules, arrival_micros: int) -> Group:
    return Group(
        rules,
        ids=[],
        micros=np.empty(0, np.int64),
        told=np.empty(0, np.bool_),
        columns=tuple([] for _ in rules.domain.columns),
        vectors=np.empty((0, rules.dimension), np.float32),
        arrival=arrival_micros,
    )


def _ids(texts: list[str]) -> list[bytes] | None:
    """All ids at once where each has the canonical form; one by one otherwise; None where one is no UUID."""
    joined = "".join(texts)
    if joined.isascii() and len(joined) == _ID_CHARS * len(texts) and set(map(len, texts)) == {_ID_CHARS}:
        table = np.frombuffer(joined.encode("ascii"), np.uint8).reshape(-1, _ID_CHARS)
        if (table[:, _ID_DASHES] == _DASH).all():
            digits = table[:, _ID_DIGITS].tobytes().decode("ascii")
            try:
                packed = bytes.fromhex(digits)
            except ValueError:
                return None
            return np.frombuffer(packed, "V16").tolist() if len(packed) == 16 * len(texts) else None
    parsed = [parse_id(text) for text in texts]
    return None if None in parsed else [entity for entity in parsed if entity is not None]


def _vectors(dimension: int, texts: list[bytes]) -> Floats | None:
    """One array of all vectors, where each has the dimension and nothing but finite numbers."""
    if set(map(len, texts)) != {dimension * FLOAT_BYTES}:
        return None
    floats = np.frombuffer(b"".join(texts), "<f4").reshape(-1, dimension)
    return floats if np.isfinite(floats).all() else None


def _column(rules: Rules, rows: Sequence[Row], column: Column) -> list[Any]:
    """A column's values as the wire tells them; a list of texts as a tuple."""
    if column.kind == "text[]":
        return [tuple(texts) for texts in map(attrgetter(column.name), rows)]
    if rules.optional(column):
        return [value_of(rules, row, column) for row in rows]
    return list(map(attrgetter(column.name), rows))


def _sound_column(rules: Rules, column: Column, values: list[Any]) -> bool:
    """Whether every value of a column is sound."""
    if column.kind == "int4":
        told = [value for value in values if value is not None]
        return column.least is None or not told or min(told) >= column.least
    if column.kind == "text[]":
        return "\0" not in "".join(chain.from_iterable(values))
    return (
        not (column.required and not all(values))
        and "\0" not in "".join(values)
        and (column.most_chars is None or max(map(len, values)) <= column.most_chars)
        and not (column.levels and not set(values) <= {"", *rules.levels})
    )
