"""gRPC for services: a server with health, reflection, limits and one way of telling errors, and channels to match.

Nothing here knows what is served; messages pass as bytes unless a service brings its own parsing.
"""

from hirehub.kernel.grpc.client import BadTarget, RpcChannel, call_metadata, check_target, open_channel, within_idle
from hirehub.kernel.grpc.handlers import (
    Context,
    RawMethod,
    UnreadableMessage,
    both_streams,
    client_stream,
    parse,
    raw_handlers,
    raw_service,
    server_stream,
    unary,
)
from hirehub.kernel.grpc.security import InsecureListener, is_loopback
from hirehub.kernel.grpc.server import GrpcServer, PortTaken
from hirehub.kernel.grpc.statuses import (
    CallCancelled,
    CallTimeout,
    StreamBroken,
    StreamIdle,
    Unauthenticated,
    from_rpc_error,
    status_of,
)

__all__ = [
    "BadTarget",
    "CallCancelled",
    "CallTimeout",
    "Context",
    "GrpcServer",
    "InsecureListener",
    "PortTaken",
    "RawMethod",
    "RpcChannel",
    "StreamBroken",
    "StreamIdle",
    "Unauthenticated",
    "UnreadableMessage",
    "both_streams",
    "call_metadata",
    "check_target",
    "client_stream",
    "from_rpc_error",
    "is_loopback",
    "open_channel",
    "parse",
    "raw_handlers",
    "raw_service",
    "server_stream",
    "status_of",
    "unary",
    "within_idle",
]
