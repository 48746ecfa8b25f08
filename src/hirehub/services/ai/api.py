"""Part `ai.api`: turns texts into vectors for other services, and lists what was worked on.

A model that cannot be had does not keep the part from starting: everything else works on without vectors.
"""

from hirehub.kernel.db import open_database
from hirehub.kernel.module import Background, Check, Part, PartContext, Routes
from hirehub.kernel.settings import load
from hirehub.services.ai.embedding.errors import NoModel
from hirehub.services.ai.embedding.model import Model
from hirehub.services.ai.embedding.opening import chosen
from hirehub.services.ai.korean import KOREAN
from hirehub.services.ai.module import MODULE
from hirehub.services.ai.routes.ai import router
from hirehub.services.ai.routes.deps import AiService
from hirehub.services.ai.settings import AiSettings


async def build(context: PartContext) -> Part:
    """The part. Settings that can name no model end the start with their error."""
    settings = load(AiSettings).model
    notes = []
    try:
        chosen(settings)
    except NoModel as error:
        notes = [f"{error.message} {error.hint}"]
    model = Model(settings, context.settings.data_dir)
    db = await open_database(context.settings, MODULE.name)

    return Part(
        routes=[Routes(router, {AiService: AiService(db, model)}, KOREAN)],
        background=[] if notes else [Background("ai.model", model.prepare)],
        checks=[Check("ai.api", db.answers)],
        close=db.close,
        notes=notes,
    )
