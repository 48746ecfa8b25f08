"""`hirehub user`: what is done with accounts from the machine that keeps them."""

from typing import Annotated

import typer

from hirehub.cli.output import Json, Output, run_async

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
    from hirehub.runtime.admins import create_admin as create
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
        user_id = run_async(create(settings, address, password))
    out.document({"id": user_id})
    out.line(f"The administrator {user_id} can log in now.")


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
