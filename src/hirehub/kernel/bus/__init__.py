"""Facts between services: written with the change, delivered at least once, worked once, in order per key.

outbox (in the publisher's transaction) → relay → transport (a log) → subscriber (inbox and effects in one transaction)
→ handler. Only the transport varies. A fact that cannot be worked waits with those behind it on the same key, and after
the last attempt is set aside: other keys never wait for it.
"""

from hirehub.kernel.bus.facts import Fact, FactBody, FactInvalid
from hirehub.kernel.bus.memory import MemoryTransport
from hirehub.kernel.bus.outbox import publish
from hirehub.kernel.bus.relay import Relay
from hirehub.kernel.bus.settings import BusSettings
from hirehub.kernel.bus.subscriber import Handler, Subscriber
from hirehub.kernel.bus.transport import Delivered, Transport

__all__ = [
    "BusSettings",
    "Delivered",
    "Fact",
    "FactBody",
    "FactInvalid",
    "Handler",
    "MemoryTransport",
    "Relay",
    "Subscriber",
    "Transport",
    "publish",
]
