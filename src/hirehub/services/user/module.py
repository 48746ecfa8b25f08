"""The descriptor of the service `user`, read by the runtime."""

from hirehub.kernel.module import Module, PartSpec

MODULE = Module(
    name="user",
    doc="Keeps accounts, profiles and companies, and signs tokens.",
    database="hirehub_user",
    migrations="hirehub.services.user.migrations",
    settings="hirehub.services.user.settings:UserSettings",
    parts=(PartSpec("user", "Answers for accounts, sends their mails.", "hirehub.services.user.api.part:build"),),
    tells=("user.removed", "company.closed"),
)
