"""The descriptor of the service `vectors`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="vectors",
    doc="Stores embedded rows and answers similarity searches.",
    database="hirehub_vectors",
    migrations="hirehub.services.vectors.migrations",
    extensions=("vector",),
    settings="hirehub.services.vectors.settings:VectorsSettings",
    hears=("resume.removed", "job.updated"),
    parts=(
        PartSpec(
            "vectors.batch",
            "Takes uploads and withdraws rows, runs the schedule.",
            "hirehub.services.vectors.batch:build",
        ),
        PartSpec("vectors.api", "Answers GraphQL and drops cached answers.", "hirehub.services.vectors.api:build"),
    ),
)
