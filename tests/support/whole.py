"""The whole product in one process, every part of it, as the runtime composes them, over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hirehub.kernel.settings import Settings
from hirehub.runtime.databases import upgrade_all
from hirehub.runtime.modules import MODULES, with_database
from tests.support.people import People
from tests.support.platform import empty, platform
from tests.support.vectors_db import VectorsDb

_APART = ("user", "vectors")
"""Services whose databases are copied for each test."""
_REST = tuple(module for module in with_database(MODULES) if module.name not in _APART)


@pytest.fixture(scope="session")
def whole_database(vectors_on_bus: Settings) -> Settings:
    """The databases of all services but those that are copied, migrated once."""
    upgrade_all(vectors_on_bus, _REST)
    return vectors_on_bus


@pytest.fixture
def whole_db(whole_database: Settings, user_db: Settings, vectors_db: VectorsDb) -> Settings:
    """The databases of all services, emptied."""
    for module in _REST:
        empty(whole_database, module.name)
    return whole_database


@asynccontextmanager
async def whole(settings: Settings) -> AsyncIterator[People]:
    """Every part of the product; nothing happens in it but what requests do themselves."""
    names = [module.name for module in MODULES if module.parts]
    async with platform(settings, *names, background=False) as here:
        yield here
