"""The descriptor of the service `apply`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="apply",
    doc="Keeps applications, their history and interviews.",
    database="hirehub_apply",
    migrations="hirehub.services.apply.migrations",
    settings="hirehub.services.apply.settings:ApplySettings",
    parts=(
        PartSpec("apply", "Answers for applications, lets go of held rejections.", "hirehub.services.apply.part:build"),
    ),
    tells=("application.submitted", "application.status_changed", "interview.scheduled", "interview.cancelled"),
    hears=("user.removed", "company.closed", "match.calculated"),
)
