"""Structured logs on standard error: JSON lines for machines, columns on a terminal.

Standard output belongs to the answers of commands, so no log ever goes there. The standard library's loggers
(uvicorn, grpc, alembic) are written by the same chain, secrets masked.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, TextIO, cast

import structlog
from pydantic_core import to_json
from structlog.typing import FilteringBoundLogger, Processor

from hirehub.kernel.settings import LogSettings
from hirehub.kernel.telemetry.context import REQUEST_ID, RUN_ID
from hirehub.kernel.telemetry.redaction import redact_event

Logger = FilteringBoundLogger
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_OFFSET = len("+00:00")
_NOISY = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "alembic", "grpc")


def add_ids(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Puts the present request and run into the event."""
    request, run = REQUEST_ID.get(), RUN_ID.get()
    if request is not None:
        event.setdefault("request_id", request)
    if run is not None:
        event.setdefault("run_id", run)
    return event


def _add_module(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Names the standard library's logger under the key that our own lines use."""
    event["module"] = event["_record"].name
    return event


def render_json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """One line of JSON. The validation library's own writer is several times faster than the standard one; text that
    is no Unicode, which it refuses, takes the slow way.
    """
    try:
        return to_json(event, fallback=str).decode()
    except ValueError:
        return json.dumps(event, default=str)


def get_logger(name: str) -> Logger:
    """A logger that carries the name of its module."""
    return cast("Logger", structlog.get_logger(module=name))


class PlainLog:
    """For the line that every request writes: fields that cannot hold a secret, so that most of the chain is left out.

    The caller vouches that values are numbers, names out of the code, or checked ids. On a terminal, and at other
    levels, the chain writes it as any other line.
    """

    direct: ClassVar[TextIO | None] = None

    def __init__(self, module: str) -> None:
        self._module, self._log = module, get_logger(module)

    def info(self, event: str, **fields: str | float) -> None:
        """Writes one line."""
        target = PlainLog.direct
        if target is None:
            self._log.info(event, **fields)
            return
        line = add_ids(None, "info", {"module": self._module, **fields, "event": event, "level": "info"})
        line["timestamp"] = datetime.now(UTC).isoformat()[:-_OFFSET] + "Z"
        target.write(render_json(None, "info", line) + "\n")


class _StandardError:
    """Standard error as it is when a line is written: it may have been redirected since."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Nothing to do: standard error is written at the end of each line."""


def configure_logging(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Sets up all logging of this process; called once, at its start."""
    target = stream or cast("TextIO", _StandardError())
    style = _style(settings, stream or sys.stderr)
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_ids,
        structlog.processors.format_exc_info,
        redact_event,
    ]
    renderer = _renderer(style, colors=(stream or sys.stderr).isatty())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.level]),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        cache_logger_on_first_use=True,
    )
    PlainLog.direct = target if style == "json" and settings.level in {"debug", "info"} else None
    _configure_standard_library(settings, shared, renderer, target)


def _style(settings: LogSettings, stream: TextIO) -> Literal["json", "console"]:
    if settings.format != "auto":
        return settings.format
    return "console" if stream.isatty() else "json"


def _renderer(style: str, *, colors: bool) -> Processor:
    if style == "json":
        return render_json
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _configure_standard_library(
    settings: LogSettings, shared: list[Processor], renderer: Processor, target: TextIO
) -> None:
    """One handler on the root logger that renders like our own lines."""
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_add_module, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(_LEVELS[settings.level], logging.INFO))
    for name in _NOISY:
        noisy = logging.getLogger(name)
        noisy.handlers.clear()
        noisy.propagate = True
        noisy.setLevel(max(_LEVELS[settings.level], logging.WARNING))


if not structlog.is_configured():
    structlog.configure(
        processors=[structlog.processors.add_log_level, add_ids, redact_event, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _StandardError())),
        cache_logger_on_first_use=False,
    )
