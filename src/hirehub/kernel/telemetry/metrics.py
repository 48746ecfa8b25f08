"""Metrics of this process, in a registry of our own.

A metric asked for twice is the same metric, so that two servers in one process share it. Keep label values few:
never ids, never what a caller typed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from hirehub.kernel.errors import Broken

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0)
_PREFIX = "hirehub_"

M = TypeVar("M", Counter, Gauge, Histogram)


class Metrics:
    """Counters, gauges and histograms by name; every name gets the prefix `hirehub_`."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry(auto_describe=True)
        self._known: dict[str, Counter | Gauge | Histogram] = {}

    def counter(self, name: str, doc: str, labels: Sequence[str] = ()) -> Counter:
        """A number that only rises."""
        return self._get(name, Counter) or self._keep(
            name, Counter(_PREFIX + name, doc, labels, registry=self.registry)
        )

    def gauge(self, name: str, doc: str, labels: Sequence[str] = ()) -> Gauge:
        """A number that rises and falls."""
        return self._get(name, Gauge) or self._keep(name, Gauge(_PREFIX + name, doc, labels, registry=self.registry))

    def histogram(
        self, name: str, doc: str, labels: Sequence[str] = (), buckets: Sequence[float] = SECONDS
    ) -> Histogram:
        """How often a measure fell into each range; by default seconds."""
        return self._get(name, Histogram) or self._keep(
            name, Histogram(_PREFIX + name, doc, labels, registry=self.registry, buckets=buckets)
        )

    def render(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def _get(self, name: str, kind: type[M]) -> M | None:
        found = self._known.get(name)
        if found is not None and not isinstance(found, kind):
            raise Broken(f"the metric {name} is already a {type(found).__name__.lower()}", hint="Choose another name.")
        return found

    def _keep(self, name: str, metric: M) -> M:
        self._known[name] = metric
        return metric


@lru_cache(maxsize=1)
def process_metrics() -> Metrics:
    """The metrics of this process, with its memory, processor time and open files."""
    metrics = Metrics()
    ProcessCollector(registry=metrics.registry)
    PlatformCollector(registry=metrics.registry)
    return metrics
