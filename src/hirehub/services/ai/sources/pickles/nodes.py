"""What a pickle turns into: names, inert nodes and views; plus the error for bytes that do not add up."""

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hirehub.kernel.errors import Invalid
from hirehub.services.ai.sources.pickles.names import GUARDED, refused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Node: TypeAlias = Any
"""A value of a pickle: plain (None, number, text, bytes, list, tuple, dict, set), Name, Made, or in a list Floats."""

ZONE: Final = "zoneinfo.ZoneInfo._unpickle"


class DamagedPickle(Invalid):
    """The bytes are no whole pickle of a frame."""

    code = "damaged_pickle"


def damaged(what: str) -> DamagedPickle:
    """The error for bytes that do not add up."""
    return DamagedPickle(f"the pickle is damaged: {what}", hint="Copy or write the file again.")


class Name:
    """A name from the list, such as pandas.DataFrame; it stands for nothing but itself."""

    __slots__ = ("full",)

    def __init__(self, full: str) -> None:
        self.full = full


class Made:
    """An object as the pickle describes it: what would be called, with what, and the state set after."""

    __slots__ = ("args", "name", "state")

    def __init__(self, name: str, args: tuple[Node, ...]) -> None:
        self.name = name
        self.args = args
        self.state: Node = None


class Floats:
    """Consecutive items of a list that are all floats, seen in place; `values` are big-endian doubles."""

    __slots__ = ("values",)

    def __init__(self, values: "npt.NDArray[np.float64]") -> None:
        self.values = values


def make(maker: Node, args: Node) -> Name | Made:
    """The node for a call or a new object."""
    if not isinstance(args, tuple):
        raise damaged("an object made with something other than a tuple")
    if isinstance(maker, Made):
        raise refused(maker.name, "and calls what it made")
    if not isinstance(maker, Name):
        raise refused(f"{type(maker).__name__}.__call__", "a call of something without a name")
    if maker.full in GUARDED:
        if len(args) == 2 and isinstance(args[0], Name) and f"{args[0].full}.{args[1]}" == ZONE:
            return Name(ZONE)
        raise refused(maker.full, "and uses it for something other than a time zone")
    return Made(maker.full, args)
