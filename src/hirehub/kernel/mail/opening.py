"""Chooses how mails leave, as the settings ask."""

from hirehub.kernel.mail.kept import KeptMail
from hirehub.kernel.mail.port import MailPort
from hirehub.kernel.settings import Settings


def open_mail(settings: Settings) -> MailPort:
    """SMTP where HIREHUB_MAIL__HOST is set, else a folder of the data directory."""
    if settings.mail.host is None:
        return KeptMail(settings.data_dir / "mail", settings.mail.sender)
    from hirehub.kernel.mail.smtp import SmtpMail

    return SmtpMail(settings.mail)
