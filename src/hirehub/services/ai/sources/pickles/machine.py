"""A pickle machine that calls nothing: it reads opcodes into plain values, and every object into an inert node.

Names are held against an exact list while reading (`names`), so that nothing outside it ever enters the tree. Long
runs of floats stay where they are, as views into the file: a list of 384 floats costs one small array and no Python
float. Invariant: memory grows with the bytes read, never with a number that the file claims.
"""

import struct
from collections.abc import Callable
from mmap import mmap

import numpy as np
import numpy.typing as npt

from hirehub.services.ai.sources.pickles.names import check, refused
from hirehub.services.ai.sources.pickles.nodes import Floats, Made, Name, Node, damaged, make

LONG = 512
"""Bytes from which a byte string is left in the file and only viewed."""
_TEXT_LINE = 65_536
_FLOAT = 9
_RUN = 1000
"""A pickler writes lists in batches of at most this many items, and begins a frame every 64 KiB."""
_FRAMES = 3


class _Mark:
    """Where a sequence begins on the stack."""


_MARK = _Mark()


class Machine:
    """Reads one pickle out of a buffer; `load` returns its top value."""

    def __init__(self, buffer: "bytes | mmap") -> None:
        self.buffer = buffer
        self.view = memoryview(buffer)
        self.end = len(buffer)
        self.at = 0
        self.stack: list[Node] = []
        self.memo: dict[int, Node] = {}
        self.names: dict[tuple[str, str], Name] = {}

    def load(self) -> Node:
        """The value that the pickle describes; RefusedName or DamagedPickle."""
        buffer, table, end = self.buffer, _TABLE, self.end
        try:
            while self.at < end:
                step = table[buffer[self.at]]
                self.at += 1
                if step is None:
                    break
                step(self)
            else:
                raise damaged("it ends before its last opcode")
            if buffer[self.at - 1] != _STOP:
                raise damaged(f"byte {self.at - 1} is no opcode")
            if len(self.stack) != 1 or self.stack[0] is _MARK:
                raise damaged("it does not end with one value")
        except (IndexError, KeyError, TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
            raise damaged(f"{type(error).__name__} near byte {self.at}") from None
        return self.stack.pop()

    def take(self, size: int) -> bytes:
        """The next bytes; DamagedPickle when there are fewer."""
        begin = self.at
        stop = begin + size
        if size < 0 or stop > self.end:
            raise damaged(f"byte {begin} begins {size} bytes, but {self.end - begin} are left")
        self.at = stop
        return self.buffer[begin:stop]

    def number(self, size: int) -> int:
        """An unsigned little-endian number."""
        return int.from_bytes(self.take(size), "little")

    def line(self) -> bytes:
        """The bytes up to the end of the line (protocol 0)."""
        stop = self.buffer.find(b"\n", self.at, self.at + _TEXT_LINE)
        if stop < 0:
            raise damaged(f"byte {self.at} begins a line without an end")
        text = self.take(stop - self.at)
        self.at += 1
        return text

    def to_mark(self) -> list[Node]:
        """Takes what was pushed since the last mark."""
        stack = self.stack
        place = len(stack) - 1
        while stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise damaged(f"a sequence without a beginning near byte {self.at}")
        items = stack[place + 1 :]
        del stack[place:]
        return items

    def name(self, module: Node, name: Node) -> Name:
        """The Name of a listed name; RefusedName otherwise."""
        if not isinstance(module, str) or not isinstance(name, str):
            raise damaged(f"a name that is no text near byte {self.at}")
        known = self.names.get((module, name))
        if known is None:
            known = self.names[module, name] = Name(check(module, name))
        return known


def _mark(machine: Machine) -> None:
    """A mark; where a list's batch of floats follows, the batch is taken in one piece."""
    at, stack = machine.at, machine.stack
    if at < machine.end and machine.buffer[at] == _BINFLOAT and stack and type(stack[-1]) is list:
        runs = _runs(machine, at)
        if runs:
            stack[-1].extend(runs)
            return
    stack.append(_MARK)


def _runs(machine: Machine, at: int) -> list[Floats]:
    """The floats from here to the end of the batch, when there is nothing else in it but the bounds of frames.

    Those are as long as a float, so that opcodes stay in step.
    """
    most = min(_RUN + _FRAMES, (machine.end - at) // _FLOAT)
    codes: npt.NDArray[np.uint8] = np.ndarray((most,), np.uint8, machine.view, at, (_FLOAT,))
    ends = np.flatnonzero(codes != _BINFLOAT)
    runs: list[Floats] = []
    begin = 0
    for end in ends.tolist():
        if end > begin:
            place = at + begin * _FLOAT + 1
            runs.append(Floats(np.ndarray((end - begin,), ">f8", machine.view, place, (_FLOAT,))))
        if codes[end] == _APPENDS:
            machine.at = at + end * _FLOAT + 1
            return runs
        if codes[end] != _FRAME:
            break
        begin = end + 1
    return []


def _appends(machine: Machine) -> None:
    items = machine.to_mark()
    target = machine.stack[-1]
    if type(target) is not list:
        raise damaged("items for something that is no list")
    target.extend(items)


def _append(machine: Machine) -> None:
    item = machine.stack.pop()
    if type(machine.stack[-1]) is not list:
        raise damaged("an item for something that is no list")
    machine.stack[-1].append(item)


def _set(machine: Machine, items: list[Node]) -> None:
    target = machine.stack[-1]
    if type(target) is not dict or len(items) % 2:
        raise damaged("pairs for something that is no dictionary")
    target.update(zip(items[::2], items[1::2], strict=True))


def _setitem(machine: Machine) -> None:
    value = machine.stack.pop()
    _set(machine, [machine.stack.pop(), value])


def _additems(machine: Machine) -> None:
    items = machine.to_mark()
    if type(machine.stack[-1]) is not set:
        raise damaged("items for something that is no set")
    machine.stack[-1].update(items)


def _tuple_of(size: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        if len(machine.stack) < size:
            raise damaged("a tuple of more than there is")
        machine.stack[-size:] = [tuple(machine.stack[-size:])]

    return step


def _pairs(items: list[Node]) -> dict[Node, Node]:
    if len(items) % 2:
        raise damaged("a dictionary with half a pair")
    return dict(zip(items[::2], items[1::2], strict=True))


def _bytes_of(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        size = machine.number(width)
        if size < LONG:
            machine.stack.append(machine.take(size))
            return
        begin = machine.at
        if begin + size > machine.end:
            raise damaged(f"byte {begin} begins {size} bytes, but {machine.end - begin} are left")
        machine.at = begin + size
        machine.stack.append(machine.view[begin : machine.at])

    return step


def _text_of(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(machine.take(machine.number(width)).decode("utf-8", "surrogatepass"))

    return step


def _latin_of(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(machine.take(machine.number(width)).decode("latin-1"))

    return step


def _int_of(size: int, signed: bool) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(int.from_bytes(machine.take(size), "little", signed=signed))

    return step


def _long_of(width: int) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(int.from_bytes(machine.take(machine.number(width)), "little", signed=True))

    return step


def _float(machine: Machine) -> None:
    machine.stack.append(struct.unpack(">d", machine.take(8))[0])


def _int_line(machine: Machine) -> None:
    text = machine.line()
    machine.stack.append({b"00": False, b"01": True}[text] if text in {b"00", b"01"} else int(text.rstrip(b"L")))


def _string_line(machine: Machine) -> None:
    text = machine.line().strip()
    if len(text) < 2 or text[:1] not in b"'\"" or text[:1] != text[-1:]:
        raise damaged("a string without its quotes")
    machine.stack.append(text[1:-1].decode("latin-1"))


def _put_of(read: Callable[[Machine], int]) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.memo[read(machine)] = machine.stack[-1]

    return step


def _get_of(read: Callable[[Machine], int]) -> Callable[[Machine], None]:
    def step(machine: Machine) -> None:
        machine.stack.append(machine.memo[read(machine)])

    return step


def _global(machine: Machine) -> None:
    module = machine.line().decode("utf-8")
    machine.stack.append(machine.name(module, machine.line().decode("utf-8")))


def _stack_global(machine: Machine) -> None:
    name = machine.stack.pop()
    machine.stack.append(machine.name(machine.stack.pop(), name))


def _instance(machine: Machine) -> None:
    module = machine.line().decode("utf-8")
    maker = machine.name(module, machine.line().decode("utf-8"))
    machine.stack.append(make(maker, tuple(machine.to_mark())))


def _object(machine: Machine) -> None:
    items = machine.to_mark()
    machine.stack.append(make(items[0], tuple(items[1:])))


def _reduce(machine: Machine) -> None:
    args = machine.stack.pop()
    machine.stack.append(make(machine.stack.pop(), args))


def _newobj_ex(machine: Machine) -> None:
    if machine.stack.pop():
        raise damaged("an object made with named arguments")
    _reduce(machine)


def _build(machine: Machine) -> None:
    state = machine.stack.pop()
    target = machine.stack[-1]
    if not isinstance(target, Made):
        raise refused(f"{type(target).__name__}.__setstate__", "a state for something that has none")
    target.state = state


def _refuse(what: str) -> Callable[[Machine], None]:
    def step(_machine: Machine) -> None:
        raise refused(what, "which only the program that wrote it could resolve")

    return step


def _protocol(number: int) -> None:
    if number > 5:
        raise damaged(f"it claims protocol {number}")


_STEPS: dict[bytes, Callable[[Machine], object]] = {
    b"\x80": lambda m: _protocol(m.number(1)),
    b"\x95": lambda m: m.take(8),
    b"(": _mark,
    b"0": lambda m: m.stack.pop(),
    b"1": lambda m: m.to_mark(),
    b"2": lambda m: m.stack.append(m.stack[-1]),
    b"N": lambda m: m.stack.append(None),
    b"\x88": lambda m: m.stack.append(True),
    b"\x89": lambda m: m.stack.append(False),
    b"J": _int_of(4, True),
    b"K": _int_of(1, False),
    b"M": _int_of(2, False),
    b"\x8a": _long_of(1),
    b"\x8b": _long_of(4),
    b"G": _float,
    b"F": lambda m: m.stack.append(float(m.line())),
    b"I": _int_line,
    b"L": _int_line,
    b"S": _string_line,
    b"V": lambda m: m.stack.append(m.line().decode("raw-unicode-escape")),
    b"T": _latin_of(4),
    b"U": _latin_of(1),
    b"B": _bytes_of(4),
    b"C": _bytes_of(1),
    b"\x8e": _bytes_of(8),
    b"\x96": _bytes_of(8),
    b"X": _text_of(4),
    b"\x8c": _text_of(1),
    b"\x8d": _text_of(8),
    b"]": lambda m: m.stack.append([]),
    b"a": _append,
    b"e": _appends,
    b"l": lambda m: m.stack.append(m.to_mark()),
    b")": lambda m: m.stack.append(()),
    b"t": lambda m: m.stack.append(tuple(m.to_mark())),
    b"\x85": _tuple_of(1),
    b"\x86": _tuple_of(2),
    b"\x87": _tuple_of(3),
    b"}": lambda m: m.stack.append({}),
    b"d": lambda m: m.stack.append(_pairs(m.to_mark())),
    b"s": _setitem,
    b"u": lambda m: _set(m, m.to_mark()),
    b"\x8f": lambda m: m.stack.append(set()),
    b"\x90": _additems,
    b"\x91": lambda m: m.stack.append(frozenset(m.to_mark())),
    b"\x94": lambda m: m.memo.__setitem__(len(m.memo), m.stack[-1]),
    b"q": _put_of(lambda m: m.number(1)),
    b"r": _put_of(lambda m: m.number(4)),
    b"p": _put_of(lambda m: int(m.line())),
    b"h": _get_of(lambda m: m.number(1)),
    b"j": _get_of(lambda m: m.number(4)),
    b"g": _get_of(lambda m: int(m.line())),
    b"c": _global,
    b"\x93": _stack_global,
    b"i": _instance,
    b"o": _object,
    b"R": _reduce,
    b"\x81": _reduce,
    b"\x92": _newobj_ex,
    b"b": _build,
    b"P": _refuse("a persistent id"),
    b"Q": _refuse("a persistent id"),
    b"\x82": _refuse("an extension code"),
    b"\x83": _refuse("an extension code"),
    b"\x84": _refuse("an extension code"),
    b"\x97": _refuse("an out-of-band buffer"),
    b"\x98": _refuse("an out-of-band buffer"),
}
"""What each opcode does."""

_BINFLOAT = ord("G")
_FRAME = 0x95
_APPENDS = ord("e")
_STOP = ord(".")
_TABLE: list[Callable[[Machine], object] | None] = [None] * 256
for _code, _step in _STEPS.items():
    _TABLE[_code[0]] = _step
