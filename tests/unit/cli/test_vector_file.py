"""Files that hold a vector, and all that a file may hold instead."""

import io
from pathlib import Path

import numpy as np
import pytest
import typer

from hirehub.cli.vector_file import read_vector


def file(folder: Path, content: bytes, name: str = "vector.json") -> Path:
    """A file of that content."""
    path = folder / name
    path.write_bytes(content)
    return path


def npy(header: str) -> bytes:
    """An .npy file with a header of one's own and no data."""
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def test_a_list_and_an_array_are_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    np.save(packed, np.array([0.5, 2.0]))
    assert read_vector(file(tmp_path, b" [0.5, 2, 1e-3]\n")) == [0.5, 2, 0.001]
    assert read_vector(file(tmp_path, packed.getvalue(), "vector.npy")) == [0.5, 2.0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"[" * 50_000, "deep.json"),
        (b"[0.5" + b" " * 2_000_000 + b"]", "long.json"),
        (b"\xff\xfe[", "other.json"),
        (b"[" + b"1" * 5000 + b"]", "digits.json"),
        (b"[true]", "truth.json"),
        (b"{}", "object.json"),
        (b"", "empty.json"),
        (b"", "empty.npy"),
        (b"PK\x03\x04", "archive.npy"),
        (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,), }"), "claims.npy"),
        (npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"), "objects.npy"),
    ],
)
def test_what_is_no_vector_is_told_in_a_line(tmp_path: Path, content: bytes, name: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        read_vector(file(tmp_path, content, name))
    assert "holds no list of numbers" in caught.value.message
    assert len(caught.value.message.splitlines()) == 1


def test_a_device_without_end_is_not_read_to_its_end() -> None:
    """Fails where the whole file is read: this one fills the memory."""
    with pytest.raises(typer.BadParameter, match="more than 1,048,576 bytes"):
        read_vector(Path("/dev/zero"))


def test_an_integer_beyond_all_floats_is_left_to_the_search_which_names_its_place(tmp_path: Path) -> None:
    assert read_vector(file(tmp_path, b"[1" + b"0" * 400 + b"]")) == [10**400]
