"""The accounts behind verified tokens: what the kernel asks before any route of this process is entered."""

from hirehub.kernel.auth import Identity, Principal, Unauthenticated
from hirehub.kernel.db import Database
from hirehub.services.user.domain import emails
from hirehub.services.user.domain.accounts import OWN_SUBJECT, EmailTaken, Status, wanted_type
from hirehub.services.user.store import sessions, users
from hirehub.services.user.usecases.sessions import principal_of
from hirehub.services.user.usecases.sign_up import make


class Accounts:
    """The kernel's Directory. It asks the server that writes, so that a suspension holds from the next request on."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def known(self, principal: Principal) -> Principal:
        """The person of one of our tokens, as the account is now; Unauthenticated where the session has ended."""
        session = None
        if principal.session_id is not None:
            async with self._db.transaction() as tx:
                session = await sessions.alive(tx, principal.session_id)
        if session is None or session.user_id != principal.user_id:
            raise Unauthenticated.ended_session()
        return principal_of(session.user_id, session.user_type, session.id)

    async def arrived(self, identity: Identity) -> Principal:
        """The account of an issuer's token, made at first sight.

        An address that has an account here already is refused, never joined: who owns the account must say so.
        """
        if identity.subject.startswith((OWN_SUBJECT, "deleted-")):
            raise Unauthenticated.bad_token("its subject is unusable")
        async with self._db.transaction() as tx:
            account = await users.by_subject(tx, identity.subject)
            if account is None:
                if identity.email is None or not identity.email_verified:
                    raise Unauthenticated.bad_token("it states no verified e-mail address")
                try:
                    email = emails.normalise(identity.email)
                except emails.BadEmail:
                    raise Unauthenticated.bad_token("its e-mail address cannot be used") from None
                kind = wanted_type(identity.user_type)
                await make(tx, email=email, password_hash=None, user_type=kind, subject=identity.subject)
                account = await users.by_subject(tx, identity.subject)
        if account is None:
            raise EmailTaken("This address has an account here.", hint="Log in with its password.")
        if account.status != Status.ACTIVE:
            raise Unauthenticated.bad_token("its account has ended or is suspended")
        return principal_of(account.id, account.user_type, None)
