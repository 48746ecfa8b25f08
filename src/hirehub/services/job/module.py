"""The descriptor of the service `job`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="job",
    doc="Keeps job posts and skill tags.",
    database="hirehub_job",
    migrations="hirehub.services.job.migrations",
    settings="hirehub.services.job.settings:JobSettings",
    parts=(
        PartSpec("job", "Answers for posts, counts views, closes what is over.", "hirehub.services.job.part:build"),
    ),
    tells=("job.created", "job.updated"),
    hears=("application.submitted", "company.closed"),
)
