"""The descriptor of the bus's own database, provisioned and migrated like a service's."""

from hirehub.kernel.module import Module

MODULE = Module(
    name="bus",
    doc="Keeps the log of facts between services.",
    database="hirehub_bus",
    migrations="hirehub.kernel.broker.migrations",
    settings="hirehub.kernel.bus.settings:BusSettings",
    parts=(),
)
