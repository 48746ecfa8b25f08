"""Mails: a port, its keeper in the data directory, and SMTP where it is configured."""

from hirehub.kernel.mail.opening import open_mail
from hirehub.kernel.mail.port import Mail, MailNotSent, MailPort

__all__ = ["Mail", "MailNotSent", "MailPort", "open_mail"]
