"""What the routes of the service stand on, and who may ask."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.kernel.db import Database
from hirehub.kernel.http.routes import provided
from hirehub.services.ai.embedding.model import Model

PREFIX: Final = "/api/v1/ai"


@dataclass(frozen=True)
class AiService:
    """The service of a process."""

    db: Database
    model: Model


async def _service(request: Request) -> AiService:
    return provided(request, AiService)


Service = Annotated[AiService, Depends(_service)]
AdminOrService = Annotated[Principal, Depends(require(UserType.ADMIN, service=True))]
AService = Annotated[Principal, Depends(require(service=True))]
