"""Builds the part `ai`: files out of the command line or the settings, opened before the port is.

Options of the context: `files` (domain to path), `columns` (domain to preset or TOML file) and `grpc_port`.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hirehub.contracts.vectors import DOMAINS
from hirehub.kernel.errors import Invalid
from hirehub.kernel.module import Check, Part, PartContext
from hirehub.kernel.settings import Settings, load
from hirehub.services.ai.catalog import Catalog, Choice
from hirehub.services.ai.columns import Columns, load_columns
from hirehub.services.ai.rpc import EmbeddingStream
from hirehub.services.ai.settings import AiSettings
from hirehub.services.ai.shape import by_name
from hirehub.services.ai.sources.library import Library
from hirehub.services.ai.sources.pickles.isolate import Limits


class BadOption(Invalid):
    """A choice that the part cannot be built from."""

    code = "bad_option"


async def build(context: PartContext) -> Part:
    """The part `ai`. Each file is opened now, so that one that cannot be read ends the start with its error."""
    settings = load(AiSettings)
    choices = _choices(settings, _texts(context, "files"), _texts(context, "columns"))
    catalog = Catalog(choices, library(settings, context.settings))
    try:
        await catalog.prune()
        for domain in catalog.domains:
            await catalog.open(domain)
    except BaseException:
        catalog.close()
        raise
    readers = ThreadPoolExecutor(settings.readers, thread_name_prefix="ai-read")
    stream = EmbeddingStream(
        catalog, readers, largest_message=context.settings.grpc.max_message, streams=settings.streams
    )
    port = context.options.get("grpc_port")

    async def readable() -> None:
        for domain in catalog.domains:
            await catalog.open(domain)

    async def close() -> None:
        catalog.close()
        readers.shutdown(wait=False, cancel_futures=True)

    return Part(
        grpc=(stream.service(port if isinstance(port, int) else settings.grpc_port),),
        checks=(Check("ai.files", readable),),
        close=close,
        notes=tuple(catalog.note(domain) for domain in catalog.domains)
        or ("ai serves no file; name one with HIREHUB_AI__RECRUIT__FILE or `hirehub ai serve --file`.",),
    )


def library(settings: AiSettings, kernel: Settings) -> Library:
    """Where files are opened: the cache below the data directory, the limits of the settings."""
    limits = Limits(
        file_bytes=settings.limits.file_bytes,
        memory=settings.limits.memory,
        seconds=settings.limits.seconds,
        rows=settings.limits.rows,
    )
    return Library(settings.cache_dir or kernel.data_dir / "ai", limits, kernel.grpc.max_message)


def _texts(context: PartContext, name: str) -> dict[str, str]:
    """An option that maps domains to texts."""
    value = context.options.get(name) or {}
    if not isinstance(value, Mapping):
        raise BadOption(f"the option {name} maps no domains", hint="Give a mapping of domains.")
    return {str(domain): str(text) for domain, text in value.items()}


def _choices(settings: AiSettings, files: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, Choice]:
    """The file and mapping of each domain: what the options say, else the settings."""
    for domain in {*files, *columns}:
        by_name(domain)
    choices = {}
    for domain in DOMAINS:
        configured = {"recruit": settings.recruit, "candidate": settings.candidate}[domain]
        path = files.get(domain) or configured.file
        mapping = columns.get(domain) or (configured.columns if domain not in files else None)
        if path is not None:
            choices[domain] = Choice(
                by_name(domain), Path(path).expanduser(), load_columns(mapping) if mapping else Columns()
            )
        elif domain in columns:
            raise BadOption(f"--columns names {domain}, but no file does", hint=f"Add --file {domain}=PATH.")
    return choices
