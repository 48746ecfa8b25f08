"""Plain values out of nodes: bytes, text, and the sentinels that stand for a missing value."""

from hirehub.services.ai.sources.pickles.nodes import Made, Name, Node, damaged


def last(name: str) -> str:
    """The last word of a dotted name."""
    return name.rpartition(".")[2]


def as_bytes(value: Node) -> "bytes | memoryview":
    """A byte string, however its protocol wrote it; damaged() otherwise."""
    if isinstance(value, bytes | memoryview):
        return value
    if isinstance(value, Made):
        if value.name == "_codecs.encode" and len(value.args) == 2 and value.args[1] in {"latin1", "latin-1"}:
            return as_text(value.args[0]).encode("latin-1", "strict")
        if last(value.name) == "bytearray" and not value.args:
            return b""
        if last(value.name) == "bytearray" and len(value.args) == 1:
            return as_bytes(value.args[0])
        if last(value.name) == "bytearray" and value.args[1] in {"latin1", "latin-1"}:
            return as_text(value.args[0]).encode("latin-1", "strict")
    if isinstance(value, str):
        return value.encode("latin-1", "strict")
    raise damaged("something other than bytes where bytes belong")


def as_text(value: Node) -> str:
    """A text; damaged() otherwise."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | Made):
        return bytes(as_bytes(value)).decode("latin-1")
    raise damaged("something other than text where text belongs")


def is_missing(value: Node) -> bool:
    """Whether a cell stands for no value: None, NaN, NA or NaT."""
    if value is None or (type(value) is float and value != value):
        return True
    if isinstance(value, Name):
        return last(value.full) == "NA"
    return isinstance(value, Made) and last(value.name) in {"_nat_unpickle", "__nat_unpickle"}
