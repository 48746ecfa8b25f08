"""Arrow columns to what the wire holds: ids as bytes, text as UTF-8, whole numbers, float32.

Values are taken as published data has them (`2y`, `no_exp`, `5y+`, a missing English level). What is merely wrong, such
as a negative number or a vector of another length, is sent for the receiver to judge; a cell that the wire cannot carry
is marked with its cause.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.columns import Match, Rule
from hirehub.services.ai.report import Cause
from hirehub.services.ai.sources import ids
from hirehub.services.ai.sources.loose import AnyArrow
from hirehub.services.ai.sources.loose import compute as pc

Longs: TypeAlias = npt.NDArray[np.int64]
Bytes: TypeAlias = npt.NDArray[np.uint8]
Faults: TypeAlias = dict[int, Cause]
"""Places (not row numbers) of cells that cannot be sent."""

INT32 = range(-(1 << 31), 1 << 31)
_NO_YEARS = {"no_exp", "no exp", "no experience", "noexp"}
_YEARS = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,18})?)\s*\+?\s*(?:y|yr|yrs|year|years)?\s*\+?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ColumnType(Invalid):
    """A column of a type that cannot become the field it is matched with."""

    code = "column_type"


@dataclass
class Texts:
    """UTF-8 texts one after the other, and the bytes that each has. `keys` and `sound` are set for ids alone."""

    lens: Longs
    data: Bytes


@dataclass
class Ids(Texts):
    """Ids as they are sent, and as keys."""

    keys: ids.Keys
    bad: int


@dataclass
class Lists:
    """Lists of texts: texts a row, and all texts."""

    counts: Longs
    texts: Texts


@dataclass
class Numbers:
    """Whole numbers; those not `told` are left out."""

    values: Longs
    told: "npt.NDArray[np.bool_]"


@dataclass
class Vectors:
    """Floats a row, and all floats."""

    lens: Longs
    floats: "npt.NDArray[np.float32]"


Values: TypeAlias = Ids | Texts | Lists | Numbers | Vectors


@dataclass
class Cellwise:
    """A column's values beside the cells that cannot be sent."""

    values: Values
    faults: Faults = field(default_factory=dict)


def read(match: Match, column: AnyArrow) -> Cellwise:
    """The values of a column, as its field needs them."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if isinstance(column.type, pa.DictionaryType):
        column = column.dictionary_decode()
    return _READERS[match.field.kind](match, column)


def whole_number(value: object, rule: Rule, cells: "dict[int, Cause]", at: int) -> int | None:
    """A whole number within 32 bits out of a number or a text such as `5y+`; None, with or without a fault."""
    if isinstance(value, str):
        text = value.strip().casefold()
        found = _YEARS.fullmatch(text)
        if text in _NO_YEARS:
            return 0
        if not found:
            cells[at] = Cause.MISSING_NUMBER if not text else Cause.NOT_A_NUMBER
            return None
        number = found.group(1)
        value = float(number) if "." in number else int(number)
    if isinstance(value, float):
        if value - value != 0:
            cells[at] = Cause.BEYOND_INT32
            return None
        if value != int(value) and rule.round != "down":
            cells[at] = Cause.NOT_WHOLE
            return None
        value = int(value // 1)
    if isinstance(value, bool) or not isinstance(value, int):
        cells[at] = Cause.NOT_A_NUMBER
        return None
    if value not in INT32:
        cells[at] = Cause.BEYOND_INT32
        return None
    return value


def moment(value: str) -> int | None:
    """Microseconds since 1970 out of an ISO text; without a zone it is UTC. None for anything else."""
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return (parsed.replace(tzinfo=parsed.tzinfo or UTC) - _EPOCH) // timedelta(microseconds=1)


def _wrong(match: Match, column: AnyArrow, needed: str) -> ColumnType:
    return ColumnType(
        f"the column {match.column[:60]!r} holds {str(column.type)[:80]}, but {match.field.name} needs {needed}",
        hint="Name another column in a mapping (--columns), or write the file with that type.",
    )


def _text(match: Match, column: AnyArrow) -> Cellwise:
    """Texts; numbers are written out, missing ones are empty."""
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = column.cast(pa.large_binary()).view(pa.large_string())
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or _is_texts(kind) or pa.types.is_null(kind):
        column = column.cast(pa.large_string())
    else:
        raise _wrong(match, column, "text")
    faults = _not_utf8(column)
    if faults:
        sound = np.ones(len(column), np.bool_)
        sound[list(faults)] = False
        column = pc.if_else(pa.array(sound), column.view(pa.large_binary()), b"").view(pa.large_string())
    return Cellwise(_dense(column), faults)


def _is_texts(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _not_utf8(column: AnyArrow) -> Faults:
    """The places of texts that are not UTF-8; a column that validates has none."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        faults: Faults = {}
        for at, raw in enumerate(column.view(pa.large_binary()).to_pylist()):
            try:
                (raw or b"").decode("utf-8")
            except UnicodeDecodeError:
                faults[at] = Cause.BAD_TEXT
        return faults
    return {}


def _dense(column: AnyArrow) -> Texts:
    """A large_string array as lengths and bytes without gaps."""
    if column.null_count:
        column = pc.fill_null(column, "")
    _valid, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1] if offsets else None
    if ends is None or len(ends) == 0:
        return Texts(np.zeros(len(column), np.int64), np.zeros(0, np.uint8))
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None and data.size else np.zeros(0, np.uint8)
    return Texts(np.diff(ends), raw)


def _id(match: Match, column: AnyArrow) -> Cellwise:
    """Ids in their canonical spelling, and as keys; what is no UUID stays as it is."""
    if pa.types.is_fixed_size_binary(column.type) and column.type.byte_width == 16:
        column = column.cast(pa.binary())
    if (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)) and _all_16(column):
        raw = _dense(column.cast(pa.large_binary()).view(pa.large_string())).data.reshape(-1, 16)
        if not column.null_count:
            return Cellwise(_sound(raw))
        spelled = ids.canonical_text(raw).reshape(-1).tobytes()
        texts = iter([spelled[at : at + 36].decode() for at in range(0, len(spelled), 36)])
        column = pa.array([next(texts) if valid else None for valid in column.is_valid().to_pylist()])
    cellwise = _text(match, column)
    texts_ = cellwise.values
    if not isinstance(texts_, Texts):
        raise TypeError("texts are read as texts")
    if len(texts_.lens) and (texts_.lens == 36).all():
        raw, sound = ids.parse_canonical(texts_.data.reshape(-1, 36))
        if sound.all():
            return Cellwise(_sound(raw), cellwise.faults)
    return Cellwise(_one_by_one(texts_), cellwise.faults)


def _all_16(column: AnyArrow) -> bool:
    lengths = pc.drop_null(pc.binary_length(column))
    return len(lengths) > 0 and bool(pc.all(pc.equal(lengths, 16)).as_py())


def _sound(raw: Bytes) -> Ids:
    return Ids(np.full(len(raw), 36, np.int64), ids.canonical_text(raw).reshape(-1), ids.as_keys(raw), 0)


def _one_by_one(texts: Texts) -> Ids:
    """Ids of which some are spelled otherwise, or are none."""
    whole, ends = texts.data.tobytes(), np.cumsum(texts.lens)
    spelled, keys, bad = [], [], 0
    for begin, end in zip((ends - texts.lens).tolist(), ends.tolist(), strict=True):
        raw = whole[begin:end]
        key = ids.parse_id(raw.decode("utf-8", "replace"))
        bad += key is None
        keys.append(key or ids.LEAST)
        spelled.append(raw if key is None else ids.key_text(key).encode())
    lens = np.array([len(text) for text in spelled], np.int64)
    return Ids(lens, np.frombuffer(b"".join(spelled), np.uint8), np.array(keys, ids.KEY), bad)


def _texts(match: Match, column: AnyArrow) -> Cellwise:
    """Lists of texts; one text is a list of one, or is cut where the rule says so; missing texts are left out."""
    if _is_texts(column.type) or pa.types.is_null(column.type):
        column = column.cast(pa.large_string())
        if match.rule.split is not None:
            column = pc.split_pattern(column, match.rule.split)
            inner = pc.utf8_trim_whitespace(column.values)
            inner = pc.if_else(pc.equal(inner, ""), pa.scalar(None, inner.type), inner)
            column = pa.LargeListArray.from_arrays(column.offsets.cast(pa.int64()), inner)
        else:
            lens = pc.if_else(pc.greater(pc.fill_null(pc.binary_length(column), 0), 0), 1, 0)
            offsets = np.concatenate(([0], np.cumsum(lens.to_numpy(zero_copy_only=False))))
            kept = column.filter(pc.equal(lens, 1))
            column = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), kept)
    if not _is_list(column.type):
        raise _wrong(match, column, "a list of texts")
    counts = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    inner = column.flatten()
    if inner.null_count:
        rows = np.repeat(np.arange(len(counts)), counts)
        valid = inner.is_valid().to_numpy(zero_copy_only=False)
        counts = np.bincount(rows[valid], minlength=len(counts)).astype(np.int64)
        inner = inner.drop_null()
    cellwise = _text(match, inner)
    if not isinstance(cellwise.values, Texts):
        raise TypeError("texts are read as texts")
    rows = np.repeat(np.arange(len(counts)), counts)
    return Cellwise(Lists(counts, cellwise.values), {int(rows[at]): cause for at, cause in cellwise.faults.items()})


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)


def _int32(match: Match, column: AnyArrow) -> Cellwise:
    """Whole numbers within 32 bits; a missing one is a fault where the wire cannot say so."""
    kind = column.type
    if pa.types.is_decimal(kind):
        column = column.cast(pa.float64(), safe=False)
    elif pa.types.is_null(kind):
        column = column.cast(pa.int64())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or _is_texts(kind)):
        raise _wrong(match, column, "whole numbers")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    told = column.is_valid().to_numpy(zero_copy_only=False)
    distinct = column.dictionary_encode()
    faulty: Faults = {}
    numbers = [
        None if value is None else whole_number(value, match.rule, faulty, at)
        for at, value in enumerate(distinct.dictionary.to_pylist())
    ]
    codes = distinct.indices.fill_null(0).to_numpy(zero_copy_only=False)
    table = np.array([number or 0 for number in numbers] or [0], np.int64)
    faults: Faults = {}
    for code, cause in faulty.items():
        faults.update(dict.fromkeys(np.flatnonzero((codes == code) & told).tolist(), cause))
    if not match.field.presence:
        faults.update(dict.fromkeys(np.flatnonzero(~told).tolist(), Cause.MISSING_NUMBER))
    return Cellwise(Numbers(table[codes], told), faults)


def _micros(match: Match, column: AnyArrow) -> Cellwise:
    """Microseconds since 1970 UTC; a missing moment is 0, which means not told."""
    kind = column.type
    faults: Faults = {}
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", getattr(kind, "tz", None)), safe=False).cast(pa.int64())
    elif _is_texts(kind):
        texts = column.to_pylist()
        moments = [None if text is None or not text.strip() else moment(text) for text in texts]
        for at, (text, found) in enumerate(zip(texts, moments, strict=True)):
            if text is not None and text.strip() and found is None:
                faults[at] = Cause.NOT_A_MOMENT
        column = pa.array(moments, pa.int64())
    elif pa.types.is_integer(kind) or pa.types.is_null(kind):
        column = column.cast(pa.int64(), safe=False)
    else:
        raise _wrong(match, column, "moments")
    told = column.is_valid().to_numpy(zero_copy_only=False)
    return Cellwise(Numbers(pc.fill_null(column, 0).to_numpy(zero_copy_only=False), told), faults)


def _vector(match: Match, column: AnyArrow) -> Cellwise:
    """Vectors as float32. A missing vector is empty, a missing float is NaN; the receiver judges both."""
    if pa.types.is_null(column.type):
        column = column.cast(pa.large_list(pa.float32()))
    if not _is_list(column.type):
        raise _wrong(match, column, "a list of numbers")
    inner = column.type.value_type
    if not (pa.types.is_integer(inner) or pa.types.is_floating(inner) or pa.types.is_null(inner)):
        raise _wrong(match, column, "a list of numbers")
    lens = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    floats = column.flatten()
    if not pa.types.is_float32(inner):
        floats = floats.cast(pa.float32(), safe=False)
    if floats.null_count:
        floats = pc.fill_null(floats, float("nan"))
    return Cellwise(Vectors(lens, floats.to_numpy(zero_copy_only=len(floats) > 0)))


_READERS: dict[str, Callable[[Match, AnyArrow], Cellwise]] = {
    "id": _id,
    "text": _text,
    "texts": _texts,
    "int32": _int32,
    "micros": _micros,
    "vector": _vector,
}
