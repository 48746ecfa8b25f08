"""The names that a pickled frame may hold, across pandas 1.x, 2.x and 3.x, numpy 1.x and 2.x, and pyarrow.

A name is only ever compared, never imported: being listed lets a node of that name into the tree, and what the node
means is decided by our own code. Anything else is refused by name.
"""

from typing import Final

from hirehub.kernel.errors import Denied


class RefusedName(Denied):
    """The pickle names something that no frame is made of."""

    code = "refused_name"


_MODULES: Final[dict[str, str]] = {
    "numpy": "dtype ndarray",
    "numpy.core.multiarray": "_reconstruct scalar",
    "numpy._core.multiarray": "_reconstruct scalar",
    "numpy.core.numeric": "_frombuffer",
    "numpy._core.numeric": "_frombuffer",
    "pandas": "ArrowDtype BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DatetimeIndex "
    "DatetimeTZDtype Float32Dtype Float64Dtype Index Int8Dtype Int16Dtype Int32Dtype Int64Dtype MultiIndex NA "
    "RangeIndex StringDtype TimedeltaIndex UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype",
    "pandas.arrays": "ArrowExtensionArray ArrowStringArray BooleanArray DatetimeArray FloatingArray IntegerArray "
    "NumpyExtensionArray StringArray TimedeltaArray",
    "pandas._libs.arrays": "__pyx_unpickle_NDArrayBacked",
    "pandas._libs.internals": "_unpickle_block",
    "pandas._libs.missing": "NA",
    "pandas._libs.tslibs.nattype": "_nat_unpickle __nat_unpickle",
    "pandas._libs.tslibs.offsets": "BusinessDay Day Hour Micro Milli Minute MonthBegin MonthEnd Nano QuarterBegin "
    "QuarterEnd Second Week YearBegin YearEnd",
    "pandas._libs.tslibs.timedeltas": "_timedelta_unpickle",
    "pandas._libs.tslibs.timestamps": "_unpickle_timestamp",
    "pandas.core.arrays.arrow.array": "ArrowExtensionArray",
    "pandas.core.arrays.arrow.dtype": "ArrowDtype",
    "pandas.core.arrays.boolean": "BooleanArray BooleanDtype",
    "pandas.core.arrays.categorical": "Categorical",
    "pandas.core.arrays.datetimes": "DatetimeArray",
    "pandas.core.arrays.floating": "FloatingArray Float32Dtype Float64Dtype",
    "pandas.core.arrays.integer": "IntegerArray Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype "
    "UInt32Dtype UInt64Dtype",
    "pandas.core.arrays.numpy_": "NumpyExtensionArray PandasArray PandasDtype",
    "pandas.core.arrays.string_": "StringArray StringArrayNumpySemantics StringDtype",
    "pandas.core.arrays.string_arrow": "ArrowStringArray ArrowStringArrayNumpySemantics",
    "pandas.core.arrays.timedeltas": "TimedeltaArray",
    "pandas.core.dtypes.dtypes": "ArrowDtype CategoricalDtype DatetimeTZDtype",
    "pandas.core.frame": "DataFrame",
    "pandas.core.indexes.base": "Index _new_Index",
    "pandas.core.indexes.category": "CategoricalIndex",
    "pandas.core.indexes.datetimes": "DatetimeIndex _new_DatetimeIndex",
    "pandas.core.indexes.multi": "MultiIndex",
    "pandas.core.indexes.numeric": "Float64Index Int64Index UInt64Index",
    "pandas.core.indexes.range": "RangeIndex",
    "pandas.core.indexes.timedeltas": "TimedeltaIndex",
    "pandas.core.internals.managers": "BlockManager",
    "pyarrow.lib": "_restore_array binary chunked_array dictionary field large_list list_ py_buffer string struct "
    "timestamp type_for_alias",
    "builtins": "bytearray slice getattr",
    "__builtin__": "bytearray slice getattr",
    "_codecs": "encode",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "pytz": "_UTC _p",
    "uuid": "SafeUUID UUID",
    "zoneinfo": "ZoneInfo",
}

ALLOWED: Final = frozenset(f"{module}.{name}" for module, names in _MODULES.items() for name in names.split())
"""Every name that is let in, as "module.name"."""

GUARDED: Final = frozenset({"builtins.getattr", "__builtin__.getattr"})
"""Let in for one use alone: a time zone of pandas 3 is pickled as `getattr(ZoneInfo, "_unpickle")`."""


def check(module: str, name: str) -> str:
    """The full name, when it is let in; RefusedName otherwise."""
    full = f"{module}.{name}"
    if full not in ALLOWED:
        raise refused(full)
    return full


def refused(full: str, why: str = "which no DataFrame is made of") -> RefusedName:
    """The error that names what the pickle asked for; a name made to confuse a terminal is shown escaped."""
    shown = ascii(full)[1:-1] if not full.isprintable() or not full.isascii() else full
    return RefusedName(
        f"the pickle names {shown[:200]}, {why}; nothing of it was run",
        hint="Write the file again as Parquet, or pickle a plain DataFrame.",
        name=shown[:200],
    )
