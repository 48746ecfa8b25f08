"""How a person wants to hear of things."""

from dataclasses import dataclass, field
from typing import Final

from hirehub.services.notification.domain.quiet import Quiet

ALWAYS: Final = "in_app"
"""The channel that nobody can switch off as a whole, and that no hour keeps quiet: it waits to be looked at."""


@dataclass(frozen=True)
class Preferences:
    """What a person has chosen, or what holds for who has chosen nothing. `devices`: whether there is one for push."""

    language: str
    zone: str
    email: bool = True
    push: bool = True
    sms: bool = False
    off: frozenset[str] = field(default_factory=frozenset)
    """Events of which the person hears by no channel."""
    quiet: Quiet | None = None
    devices: bool = False

    def lets_in(self, event: str, channel: str) -> bool:
        """Whether the person hears of the event by the channel."""
        if event in self.off:
            return False
        return {ALWAYS: True, "email": self.email, "push": self.push and self.devices, "sms": self.sms}[channel]
