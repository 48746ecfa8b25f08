"""The descriptor of the service `notification`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="notification",
    doc="Tells people what happened, by the channels that they let in.",
    database="hirehub_notification",
    migrations="hirehub.services.notification.migrations",
    settings="hirehub.services.notification.settings:NotificationSettings",
    parts=(
        PartSpec(
            "notification",
            "Makes notifications of facts, sends them, answers for settings and templates.",
            "hirehub.services.notification.part:build",
        ),
    ),
    hears=(
        "resume.processed",
        "match.recommended",
        "application.submitted",
        "application.status_changed",
        "interview.scheduled",
        "interview.cancelled",
        "user.removed",
    ),
)
