"""Server reflection over the published descriptors, which may differ from those that this process parses with.

They live in a pool of their own: two descriptors of one name cannot share one.
"""

from collections.abc import Iterable

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection, reflection_pb2


def published_pool(descriptor_set: bytes) -> DescriptorPool:
    """A pool of the files in a serialized FileDescriptorSet, health and reflection beside them."""
    files: dict[str, FileDescriptorProto] = {}
    for own in (health_pb2, reflection_pb2):
        file = FileDescriptorProto.FromString(own.DESCRIPTOR.serialized_pb)
        files[file.name] = file
    for file in FileDescriptorSet.FromString(descriptor_set).file:
        files[file.name] = file
    pool = DescriptorPool()
    added: set[str] = set()

    def add(name: str) -> None:
        if name in files and name not in added:
            added.add(name)
            for needed in files[name].dependency:
                add(needed)
            pool.AddSerializedFile(files[name].SerializeToString())

    for name in files:
        add(name)
    return pool


def add_reflection(server: grpc.aio.Server, names: Iterable[str], descriptor_set: bytes) -> None:
    """Shows the named services, health and reflection itself."""
    shown = (*names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(shown, server, published_pool(descriptor_set))
