"""The data directory: told as a setting to mend where it cannot be used, and the secrets kept in it."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hirehub.kernel.errors import Unavailable


class DataDirUnusable(Unavailable):
    """The data directory cannot be made, read or written."""

    code = "data_dir_unusable"


@contextmanager
def usable() -> Iterator[None]:
    """Turns what the machine says of a file there into DataDirUnusable."""
    try:
        yield
    except OSError as error:
        raise DataDirUnusable(
            f"The data directory cannot be used: {error.strerror} ({error.filename})",
            hint="Set HIREHUB_DATA_DIR to a folder of your own.",
        ) from error


def kept_secret(data_dir: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """The secret `name` of the data directory, made by `make` where it is not there yet; only its owner may read it."""
    path = data_dir / "secrets" / name
    with usable():
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return _keep(path, make())


def _keep(path: Path, secret: bytes) -> bytes:
    """Keeps the secret whole or not at all; of two processes at once both end with the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return path.read_bytes()
    finally:
        draft.unlink()
    return path.read_bytes()
