"""What a process tells about itself: logs on standard error, metrics to be fetched, spans where a collector is set.

None of it may carry personal data or secrets, and none of it may stop the work it tells about.
"""

from hirehub.kernel.telemetry.context import REQUEST_ID, RUN_ID, accepted_request_id, bound, new_request_id
from hirehub.kernel.telemetry.logs import Logger, PlainLog, configure_logging, get_logger
from hirehub.kernel.telemetry.metrics import Metrics, process_metrics
from hirehub.kernel.telemetry.redaction import redact, redact_text
from hirehub.kernel.telemetry.spans import configure_tracing, outgoing_headers, span, tracing

__all__ = [
    "REQUEST_ID",
    "RUN_ID",
    "Logger",
    "Metrics",
    "PlainLog",
    "accepted_request_id",
    "bound",
    "configure_logging",
    "configure_tracing",
    "get_logger",
    "new_request_id",
    "outgoing_headers",
    "process_metrics",
    "redact",
    "redact_text",
    "span",
    "tracing",
]
