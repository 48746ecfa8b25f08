"""Every fact of the product: its body, who tells it and who hears it; and all of it as an AsyncAPI document."""

from collections.abc import Sequence
from typing import Any, Final

import hirehub
from hirehub.contracts import apply, job, match, resume, user
from hirehub.kernel.bus import FactBody
from hirehub.kernel.module import Module
from hirehub.runtime.modules import MODULES

FACTS: Final[tuple[type[FactBody], ...]] = (
    resume.ResumeUploaded,
    resume.ResumeUpdated,
    resume.ResumeRemoved,
    resume.ResumeProcessed,
    job.JobCreated,
    job.JobUpdated,
    match.MatchCalculated,
    match.MatchRecommended,
    apply.ApplicationSubmitted,
    apply.ApplicationStatusChanged,
    apply.InterviewScheduled,
    apply.InterviewCancelled,
    user.UserRemoved,
    user.CompanyClosed,
)


def tellers(topic: str, modules: Sequence[Module] = MODULES) -> tuple[str, ...]:
    """The services that publish the topic."""
    return tuple(module.name for module in modules if topic in module.tells)


def hearers(topic: str, modules: Sequence[Module] = MODULES) -> tuple[str, ...]:
    """The services that listen to the topic."""
    return tuple(module.name for module in modules if topic in module.hears)


def asyncapi() -> dict[str, Any]:
    """The facts as AsyncAPI 3.0: a channel a topic, CloudEvents as messages, what services do with them."""
    schemas: dict[str, Any] = {}
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for kind in FACTS:
        schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[kind.__name__] = schema
        channels[kind.topic] = _channel(kind)
        for action, services in (("send", tellers(kind.topic)), ("receive", hearers(kind.topic))):
            for service in services:
                name = f"{service}.{action}.{kind.topic}"
                operations[name] = {"action": action, "channel": {"$ref": f"#/channels/{kind.topic}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "hirehub facts", "version": hirehub.__version__},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas, "messageTraits": {"cloudevent": {"headers": _HEADERS}}},
    }


def _channel(kind: type[FactBody]) -> dict[str, Any]:
    message = {
        "name": kind.topic,
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").splitlines()[0],
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
    }
    return {"address": kind.topic, "messages": {kind.__name__: message}}


_HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0. `subject` is the key: facts of one key come in their order.",
    "required": ["id", "source", "specversion", "type", "subject", "time"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "source": {"type": "string"},
        "specversion": {"const": "1.0"},
        "type": {"type": "string"},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
    },
}
