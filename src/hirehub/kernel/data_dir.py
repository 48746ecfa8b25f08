"""The data directory: told as a setting to mend where the machine does not let us use it."""

from collections.abc import Iterator
from contextlib import contextmanager

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
