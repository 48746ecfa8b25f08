"""Kinds of errors to status codes and back: the only place of the wire that knows both.

What a peer is told: the message and the next step of a HirehubError, and its code as a trailer. Of any other failure
it is told nothing but the request's id, under which the log has the rest.
"""

from typing import Any, Final

import grpc

from hirehub.kernel.errors import (
    Broken,
    Busy,
    Conflict,
    Denied,
    HirehubError,
    Invalid,
    Kind,
    LimitExceeded,
    Missing,
    Unavailable,
)

CODE_TRAILER: Final = "hirehub-code"
_DETAILS_LIMIT = 2000

_STATUS: Final[dict[Kind, grpc.StatusCode]] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.MISSING: grpc.StatusCode.NOT_FOUND,
    Kind.CONFLICT: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.DENIED: grpc.StatusCode.PERMISSION_DENIED,
    Kind.BUSY: grpc.StatusCode.ABORTED,
    Kind.LIMIT: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Kind.BROKEN: grpc.StatusCode.INTERNAL,
}


class Unauthenticated(Denied):
    """The caller did not prove who it is."""

    code = "unauthenticated"


class StreamIdle(LimitExceeded):
    """The other side of a stream sent nothing for longer than is waited."""

    code = "stream_idle"


class StreamBroken(Unavailable):
    """A stream stopped before its end: what came so far is not all there is."""

    code = "stream_broken"


class CallTimeout(Unavailable):
    """The other side did not answer within the deadline."""

    code = "call_timeout"


class CallCancelled(Unavailable):
    """The call was ended before its answer; the server may be stopping."""

    code = "call_cancelled"


_BY_CODE: Final = {
    Unauthenticated.code: grpc.StatusCode.UNAUTHENTICATED,
    StreamIdle.code: grpc.StatusCode.DEADLINE_EXCEEDED,
}

_ERROR: Final[dict[grpc.StatusCode, type[HirehubError]]] = {
    grpc.StatusCode.INVALID_ARGUMENT: Invalid,
    grpc.StatusCode.OUT_OF_RANGE: Invalid,
    grpc.StatusCode.NOT_FOUND: Missing,
    grpc.StatusCode.FAILED_PRECONDITION: Conflict,
    grpc.StatusCode.ALREADY_EXISTS: Conflict,
    grpc.StatusCode.PERMISSION_DENIED: Denied,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.ABORTED: Busy,
    grpc.StatusCode.RESOURCE_EXHAUSTED: LimitExceeded,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: CallTimeout,
    grpc.StatusCode.CANCELLED: CallCancelled,
    grpc.StatusCode.UNIMPLEMENTED: Unavailable,
}


def status_of(error: HirehubError) -> grpc.StatusCode:
    """The status code that a peer is told for an error."""
    return _BY_CODE.get(error.code) or _STATUS[error.kind]


def details_of(error: HirehubError) -> str:
    """What a peer is told: message and next step; a fault of our own is not explained to it."""
    if error.kind is Kind.BROKEN:
        return "internal error"
    return (
        f"{error.message.rstrip('.')}. {error.hint}"[:_DETAILS_LIMIT] if error.hint else error.message[:_DETAILS_LIMIT]
    )


def from_rpc_error(error: grpc.aio.AioRpcError, target: str = "") -> HirehubError:
    """What a failed call means to us. `facts` hold the status, the peer's code and the target; the kind says whether
    trying again may pass (busy, unavailable).
    """
    status = error.code()
    kind = _ERROR.get(status, Broken)
    told = (error.details() or "no details").strip()
    peer_code = _peer_code(error)
    facts: dict[str, Any] = {"status": status.name, "target": target, "peer_code": peer_code}
    where = f"{target} answered" if target else "the peer answered"
    if status is grpc.StatusCode.UNAVAILABLE and peer_code is None:
        hint = "Is the server running there, and are TLS settings the same on both sides?"
        return kind(f"{target or 'the peer'} does not answer ({told})", hint=hint, **facts)
    if status is grpc.StatusCode.UNAUTHENTICATED:
        return kind(
            f"{where} that the token is missing or wrong", hint="Set HIREHUB_GRPC__TOKEN to its token.", **facts
        )
    return kind(f"{where} {status.name}: {told}", **facts)


def _peer_code(error: grpc.aio.AioRpcError) -> str | None:
    """The `code` of the HirehubError that the peer raised, if it was one."""
    for key, value in error.trailing_metadata() or ():
        if key == CODE_TRAILER:
            return value if isinstance(value, str) else value.decode("ascii", "replace")
    return None
