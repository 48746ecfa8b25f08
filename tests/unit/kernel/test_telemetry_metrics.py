"""Metrics in a registry of our own; spans only where a collector's address is set."""

import subprocess
import sys

import pytest

from hirehub.kernel.errors import Broken, Missing
from hirehub.kernel.settings import TelemetrySettings
from hirehub.kernel.telemetry import Metrics, configure_tracing, outgoing_headers, process_metrics, span, tracing


def test_a_metric_asked_for_twice_is_one_metric() -> None:
    metrics = Metrics()
    metrics.counter("things", "Things.", ("kind",)).labels("a").inc()
    metrics.counter("things", "Things.", ("kind",)).labels("a").inc(2)
    metrics.gauge("level", "Level.").set(7)
    metrics.histogram("seconds", "Seconds.").observe(0.003)
    text = metrics.render().decode()
    assert 'hirehub_things_total{kind="a"} 3.0' in text
    assert "hirehub_level 7.0" in text
    assert 'hirehub_seconds_bucket{le="0.005"} 1.0' in text


def test_one_name_for_two_kinds_of_metric_is_refused() -> None:
    metrics = Metrics()
    metrics.counter("things", "Things.")
    with pytest.raises(Broken, match="things is already a counter"):
        metrics.gauge("things", "Things.")


def test_the_process_tells_its_memory_and_two_registries_do_not_share() -> None:
    assert b"process_resident_memory_bytes" in process_metrics().render()
    process_metrics().counter("only_here", "Only here.").inc()
    assert b"only_here" not in Metrics().render()
    assert process_metrics() is process_metrics()


def test_without_an_address_nothing_of_opentelemetry_is_imported() -> None:
    script = (
        "import sys\n"
        "import hirehub.kernel.grpc, hirehub.kernel.http, hirehub.kernel.cache\n"
        "from hirehub.kernel.settings import TelemetrySettings\n"
        "from hirehub.kernel.telemetry import configure_tracing, span, outgoing_headers\n"
        "stop = configure_tracing(TelemetrySettings())\n"
        "with span('work', rows=1): pass\n"
        "assert outgoing_headers() == {}\n"
        "stop()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_with_an_address_spans_are_recorded_nested_and_without_the_words_of_errors() -> None:
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept = InMemorySpanExporter()
    stop = configure_tracing(TelemetrySettings(otlp_endpoint="http://127.0.0.1:1"), lambda: SimpleSpanProcessor(kept))
    try:
        assert tracing()
        caller = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        with span("outer", parent=caller, rows=3, token="hunter2"):
            headers = outgoing_headers()
            with pytest.raises(Missing), span("inner"):
                raise Missing("hunter2 is not there")
        inner, outer = kept.get_finished_spans()
    finally:
        stop()
    assert not tracing()
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert f"{outer.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert headers["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert outer.attributes is not None
    assert (outer.attributes["rows"], outer.attributes["token"]) == (3, "***")
    assert inner.status.description == "missing"
    assert "hunter2" not in inner.to_json() + outer.to_json()
