"""The descriptor of the service `ai`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="ai",
    doc="Streams embedded rows out of files; turns texts into vectors; reads resumes, and holds posts against them.",
    settings="hirehub.services.ai.settings:AiSettings",
    parts=(
        PartSpec("ai", "Serves GetEmbeddings.", "hirehub.services.ai.serving:build", database=False),
        PartSpec("ai.api", "Turns texts into vectors; lists what was worked on.", "hirehub.services.ai.api:build"),
        PartSpec(
            "ai.worker",
            "Reads and masks resumes, holds them against posts.",
            "hirehub.services.ai.worker:build",
            worker=True,
        ),
    ),
    database="hirehub_ai",
    migrations="hirehub.services.ai.migrations",
    extensions=("vector",),
    tells=("resume.processed", "match.calculated"),
    hears=("resume.uploaded", "resume.updated", "resume.removed", "job.created", "job.updated"),
)
