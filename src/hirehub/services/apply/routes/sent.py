"""To whom resumes were sent: asked by the service that keeps them before it shows one to a company."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.services.apply.domain.applications import NoSuchApplication
from hirehub.services.apply.routes.deps import PREFIX, Service
from hirehub.services.apply.schemas import SentOut
from hirehub.services.apply.store import applications as stored

router = APIRouter(prefix=f"{PREFIX}/sent-resumes", tags=["applications"])

AService = Annotated[Principal, Depends(require(service=True))]


@router.get("/{resume_id}/companies/{company_id}")
async def read_sent(_who: AService, resume_id: UUID, company_id: UUID, service: Service) -> SentOut:
    """Whether an application with the resume, not withdrawn, is at the company; for services."""
    async with service.db.transaction() as tx:  # on the server that writes: a withdrawal holds from the next look on
        if not await stored.sent(tx, resume_id=resume_id, company_id=company_id):
            raise NoSuchApplication.told()
    return SentOut(resume_id=resume_id, company_id=company_id)
