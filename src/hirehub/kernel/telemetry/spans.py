"""Spans of OpenTelemetry where a collector's address is set; nothing at all where none is.

Without an address no module of OpenTelemetry is imported and `span` costs one comparison. Spans carry no error
messages, only the kind of a failure: messages may stay on this machine.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from hirehub.kernel.errors import HirehubError, Unavailable
from hirehub.kernel.settings import TelemetrySettings
from hirehub.kernel.telemetry.redaction import redact

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

Attribute = str | int | float | bool
_NOTHING = nullcontext()


class Tracing:
    """What is switched on: a provider and its tracer, or neither."""

    provider: "TracerProvider | None" = None
    tracer: Any = None


def configure_tracing(
    settings: TelemetrySettings, processor: "Callable[[], SpanProcessor] | None" = None
) -> Callable[[], None]:
    """Starts to send spans to the collector, if one is set. The answer sends what is left and stops."""
    if not settings.otlp_endpoint:
        return lambda: None
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
    except ImportError:
        raise Unavailable(
            "HIREHUB_TELEMETRY__OTLP_ENDPOINT is set but OpenTelemetry is not installed",
            hint="Install hirehub[telemetry], or unset it.",
        ) from None
    provider = TracerProvider(resource=Resource.create({"service.name": settings.service_name}))
    provider.add_span_processor((processor or _sender(settings.otlp_endpoint))())
    Tracing.provider = provider
    Tracing.tracer = provider.get_tracer("hirehub")
    return _stop


def _sender(endpoint: str) -> "Callable[[], SpanProcessor]":
    """Spans go out in batches, off the path of the work."""
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    insecure = not endpoint.startswith("https://")
    return lambda: BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=insecure))


def _stop() -> None:
    if Tracing.provider is not None:
        Tracing.provider.shutdown()
    Tracing.provider = Tracing.tracer = None


def tracing() -> bool:
    """Whether spans are recorded."""
    return Tracing.tracer is not None


def span(
    name: str, *, parent: Mapping[str, str] | None = None, **attributes: Attribute
) -> AbstractContextManager[object]:
    """Measures the block as a span. `parent` are headers of a caller that may hold its `traceparent`."""
    if Tracing.tracer is None:
        return _NOTHING
    return _recorded(name, parent, attributes)


@contextmanager
def _recorded(name: str, parent: Mapping[str, str] | None, attributes: Mapping[str, Attribute]) -> Iterator[object]:
    from opentelemetry.trace import Status, StatusCode
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract(parent) if parent else None
    clean = {key: redact(value, key) for key, value in attributes.items()}
    with Tracing.tracer.start_as_current_span(
        name, context=context, attributes=clean, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield current
        except BaseException as error:
            kind = error.code if isinstance(error, HirehubError) else type(error).__name__
            current.set_status(Status(StatusCode.ERROR, kind))
            raise


def outgoing_headers() -> dict[str, str]:
    """Headers that let the called server continue the present span; empty where spans are off."""
    headers: dict[str, str] = {}
    if Tracing.tracer is not None:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(headers)
    return headers
