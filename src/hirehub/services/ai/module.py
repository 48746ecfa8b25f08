"""The descriptor of the service `ai`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="ai",
    doc="Streams embedded rows out of files.",
    settings="hirehub.services.ai.settings:AiSettings",
    parts=(PartSpec("ai", "Serves GetEmbeddings.", "hirehub.services.ai.serving:build"),),
)
