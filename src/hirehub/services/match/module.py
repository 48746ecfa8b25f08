"""The descriptor of the service `match`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="match",
    doc="Keeps and serves how posts and resumes match.",
    database="hirehub_match",
    migrations="hirehub.services.match.migrations",
    settings="hirehub.services.match.settings:MatchSettings",
    parts=(PartSpec("match", "Stores results, recommends, answers for matches.", "hirehub.services.match.part:build"),),
    tells=("match.recommended",),
    hears=("match.calculated", "job.updated", "resume.removed", "user.removed"),
)
