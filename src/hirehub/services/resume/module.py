"""The descriptor of the service `resume`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="resume",
    doc="Keeps resumes and what was read in them.",
    database="hirehub_resume",
    migrations="hirehub.services.resume.migrations",
    settings="hirehub.services.resume.settings:ResumeSettings",
    parts=(PartSpec("resume", "Takes files, shows what was read in them.", "hirehub.services.resume.part:build"),),
    extensions=("vector",),
    tells=("resume.uploaded", "resume.updated", "resume.removed"),
    hears=("user.removed",),
)
