"""The whole product in one process, as `hirehub up` runs it: every part, the sample, and a word of where all is.

Ports are looked at before anything slow begins; readiness is told only once the sample is in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hirehub.contracts.vectors import DOMAINS
from hirehub.kernel.errors import HirehubError
from hirehub.kernel.module import Check
from hirehub.kernel.settings import Settings, load
from hirehub.runtime import ports
from hirehub.runtime.compose import Running, by_target, run_parts
from hirehub.runtime.example import example
from hirehub.runtime.hold import Hold
from hirehub.runtime.modules import MODULES
from hirehub.runtime.sample import sample_files
from hirehub.runtime.sample_accounts import Account, AccountFile
from hirehub.runtime.sample_load import SampleLoad
from hirehub.runtime.sample_people import SamplePeople, lines, refusal
from hirehub.runtime.settings_table import settings_table
from hirehub.services.ai.settings import AiSettings
from hirehub.services.vectors.settings import VectorsSettings

EVERYTHING = tuple(part for module in MODULES for part in module.parts)


@dataclass(frozen=True)
class Up:
    """What is up, for machines (its fields) and for people (its lines)."""

    ready: bool
    http: str
    graphql: str
    grpc: dict[str, str]
    data_dir: Path
    database: str
    sample: dict[str, int]
    accounts: dict[str, str]
    """Of each role of the sample the address; its password is in `accounts_file` once the sample is in."""
    accounts_file: Path | None
    anonymous: bool
    example: str
    notes: list[str]

    def lines(self, seconds: float) -> list[str]:
        """Where everything is."""
        rows = [
            ("GraphQL", f"{self.graphql}  (open it in a browser)"),
            ("API", f"{self.http}/api/docs"),
            ("Health", f"{self.http}/health/ready, {self.http}/metrics"),
            *(("gRPC", line) for line in by_target(self.grpc)),
            ("Data", str(self.data_dir)),
            ("Database", self.database),
        ]
        if self.sample:
            rows.append(("Sample", "loaded now: " + ", ".join(f"{n} of {domain}" for domain, n in self.sample.items())))
        found = [f"hirehub is up after {seconds:.1f} s. Ctrl-C stops it.", ""]
        found += [f"  {name:<10}{text}" for name, text in rows]
        found += [f"  {note}" for note in self.notes]
        return [*found, "", "  A search:", f"  {self.example}"]


def refuse_taken_ports(settings: Settings) -> None:
    """Raises PortTaken for the first port of the settings that another process holds."""
    for row in settings_table():
        if row.name.endswith("PORT"):
            host = settings.http.host if row.name.startswith("HIREHUB_HTTP") else settings.grpc.host
            ports.refuse_taken(host, [int(row.value)])


@dataclass(frozen=True)
class Teller:
    """How a person hears of a start."""

    up: Callable[[Up], None]
    """Called once the product is ready."""
    line: Callable[[str], None]
    """For people alone."""
    note: Callable[[str], None]
    """For what went otherwise."""


async def run_everything(settings: Settings, held: Hold, *, sample: bool, tell: Teller) -> None:
    """Runs every part until cancelled."""
    files = _served_sample() if sample else {}
    loading, people = SampleLoad(files, tell.note), SamplePeople(settings)

    async def started(running: Running) -> None:
        came = await loading.run(settings, running.grpc["ai"]) if files else {}
        accounts = await people.look() if sample else ()
        held.tell(running.document())
        tell.up(_up(settings, running, came, accounts, await example(settings, f"{running.http}/graphql")))
        await _bring(people, running, accounts, tell)

    await run_parts(
        EVERYTHING,
        settings,
        options={
            "files": {domain: str(path) for domain, path in files.items()},
            "sources": _sources(files),
            "fresh_after": loading.ended,
        },
        checks=[Check("sample", loading.check)],
        started=started,
    )


async def _bring(people: SamplePeople, running: Running, accounts: tuple[Account, ...], tell: Teller) -> None:
    """Brings the sample in where it is missing, and tells its accounts."""
    try:
        if people.missing and running.app is not None:
            await people.bring(running.app, accounts)
    except HirehubError as error:
        tell.note(refusal(error))
        return
    for line in lines(accounts, people.file.path, running.http or "") if accounts else ():
        tell.line(line)


def _served_sample() -> dict[str, Path]:
    """The sample files of those domains for which the settings name no file of the user's own."""
    own = load(AiSettings)
    return {domain: path for domain, path in sample_files().items() if getattr(own, domain).file is None}


def _sources(files: Mapping[str, Path]) -> dict[str, str]:
    """Of each domain that the AI server beside has rows of, its address: scheduled pulls ask it by default."""
    own = load(AiSettings)
    return {domain: f"127.0.0.1:{own.grpc_port}" for domain in DOMAINS if domain in files or getattr(own, domain).file}


def _up(settings: Settings, running: Running, came: dict[str, int], accounts: tuple[Account, ...], search: str) -> Up:
    url = running.http or ""
    return Up(
        ready=True,
        http=url,
        graphql=f"{url}/graphql",
        grpc=dict(running.grpc),
        data_dir=settings.data_dir,
        database="embedded PostgreSQL" if settings.database.url is None else "as HIREHUB_DATABASE__URL says",
        sample=came,
        accounts={one.role: one.email for one in accounts},
        accounts_file=AccountFile(settings.data_dir).path if accounts else None,
        anonymous=load(VectorsSettings).anonymous,
        example=search,
        notes=list(running.notes),
    )
