"""The names of skills, for every process: the catalogue is a file of the product, so nobody is asked for it."""

import asyncio
from collections.abc import Sequence


class SkillNamesHere:
    """The catalogue, read with the first question."""

    async def spellings(self, name: str) -> Sequence[str]:
        """See SkillNames.spellings."""
        from hirehub.services.ai.skills.taxonomy import load_taxonomy

        known = (await asyncio.to_thread(load_taxonomy)).named(name)
        return (name,) if known is None else (*known.spellings, *known.ask)
