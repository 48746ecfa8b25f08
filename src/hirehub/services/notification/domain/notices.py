"""Notifications, and what cannot be done with them or with devices."""

from typing import Final

from hirehub.kernel.errors import Conflict, Missing

STATUSES: Final = ("pending", "sent", "delivered", "failed", "read")
DEVICE_TYPES: Final = ("ios", "android", "web")


class NoSuchNotification(Missing):
    """There is no such notification, or it is another person's."""

    code = "no_such_notification"


class NoSuchDevice(Missing):
    """There is no such device, or it is another person's."""

    code = "no_such_device"


class TooManyDevices(Conflict):
    """A person has as many devices as may be."""

    code = "too_many_devices"


class NoAddress(Missing):
    """There is no address that a mail could go to: the account has ended or is suspended."""

    code = "no_address"


def backoff(attempts: int, *, first: float, most: float) -> float:
    """Seconds until the next attempt after so many."""
    return min(most, first * 2.0 ** min(attempts - 1, 40))
