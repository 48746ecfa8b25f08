"""Where vectors that are made here may be sent to, told to the parts of a process."""

from collections.abc import Sequence

from hirehub.contracts.vectors import DOMAINS, BatchServer, Wanted
from hirehub.kernel.module import PartSpec
from hirehub.kernel.settings import load
from hirehub.services.vectors.settings import VectorsSettings

_PART = "vectors.batch"


def batch_server(chosen: Sequence[PartSpec]) -> BatchServer:
    """The batch server among the parts of a process, and what its settings say, as they stand here, of vectors."""
    own = load(VectorsSettings)
    beside = own.grpc_port and any(part.name == _PART for part in chosen)
    return BatchServer(
        target=f"127.0.0.1:{own.grpc_port}" if beside else None,
        wanted={name: Wanted(own.of(name).model, own.of(name).dimension) for name in DOMAINS},
    )
