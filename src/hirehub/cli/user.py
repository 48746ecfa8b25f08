"""`hirehub user`: what is done with accounts from the machine that keeps them."""

from typing import TYPE_CHECKING, Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

if TYPE_CHECKING:
    from uuid import UUID

    from hirehub.kernel.settings import Settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def user() -> None:
    """Makes administrators."""


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The administrator's address.")],
    json: Json = False,
) -> None:
    """Makes an administrator's account.

    The password is asked for on the terminal, twice, or read as one line from standard input.
    """
    from hirehub.kernel.postgres import cluster
    from hirehub.kernel.settings import Settings, load
    from hirehub.kernel.telemetry import configure_logging
    from hirehub.runtime.databases import prepare
    from hirehub.runtime.modules import MODULES
    from hirehub.runtime.serving import quiet
    from hirehub.services.user.domain import emails, passwords

    out = Output(json)
    settings = quiet(load(Settings))
    configure_logging(settings.log)
    address = emails.normalise(email)
    password = passwords.accepted(_password(), address)
    with cluster(settings):
        prepare(
            settings, [module for module in MODULES if module.name == "user"], upgrade=settings.database.url is None
        )
        user_id = run_async(_create(settings, address, password))
    out.document({"id": user_id})
    out.line(f"The administrator {user_id} can log in now.")


async def _create(settings: "Settings", email: str, password: str) -> "UUID":
    from hirehub.kernel.db import open_database
    from hirehub.kernel.settings import load
    from hirehub.services.user.settings import UserSettings
    from hirehub.services.user.usecases.accounts import make_admin
    from hirehub.services.user.usecases.hashing import Passwords

    hashing = Passwords(load(UserSettings).hashing)
    try:
        hashed = await hashing.hash(password)
        async with await open_database(settings, "user") as db, db.transaction() as tx:
            return await make_admin(tx, email=email, password_hash=hashed)
    finally:
        hashing.close()


def _password() -> str:
    """The password, never seen on a screen nor in a list of processes."""
    import sys
    from getpass import getpass

    if not sys.stdin.isatty():
        return sys.stdin.readline(4096).rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        from hirehub.kernel.errors import Invalid

        raise Invalid("The two passwords differ.", hint="Try again.")
    return password
