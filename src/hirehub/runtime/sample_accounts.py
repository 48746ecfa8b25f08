"""The accounts of the sample, and where this installation keeps their passwords: made anew here, for the owner alone.

The file is a draft until everything is in; it then gets its name, and is shown for as long as somebody leaves it there.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from hirehub.kernel.data_dir import kept_secret, usable

_NAME: Final = "sample-accounts.json"
_DRAFT: Final = "sample-accounts.draft.json"
_PASSWORD_BYTES: Final = 12


@dataclass(frozen=True)
class Account:
    """Somebody of the sample: a role, never a person."""

    role: str
    email: str
    password: str = field(repr=False)


class AccountFile:
    """The accounts as this installation keeps them."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self.path = data_dir / "secrets" / _NAME
        self._draft = data_dir / "secrets" / _DRAFT

    @property
    def begun(self) -> bool:
        """Whether a load was cut short."""
        return self._draft.exists()

    @property
    def finished(self) -> bool:
        """Whether everything is in, and nobody has removed the file."""
        return self.path.exists()

    def read(self, roles: Sequence[tuple[str, str]]) -> tuple[Account, ...]:
        """The accounts of these roles and addresses; passwords are made where there are none yet."""

        def make() -> bytes:
            made = [
                {"role": role, "email": email, "password": secrets.token_urlsafe(_PASSWORD_BYTES)}
                for role, email in roles
            ]
            return json.dumps(made, indent=2).encode()

        name = _NAME if self.finished else _DRAFT
        return tuple(Account(**one) for one in json.loads(kept_secret(self._data_dir, name, make)))

    def finish(self) -> None:
        """Everything is in."""
        with usable():
            self._draft.replace(self.path)

    def begin_again(self) -> None:
        """The accounts are not there any more: everything is to be loaded anew, with the same passwords."""
        with usable():
            self.path.replace(self._draft)

    def give_up(self) -> None:
        """These accounts are somebody else's."""
        with usable():
            self._draft.unlink(missing_ok=True)
