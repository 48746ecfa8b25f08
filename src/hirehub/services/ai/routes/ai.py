"""Vectors of texts, and the log of the work, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from hirehub.kernel.http.paging import Cursor, Limit, Page, decode_cursor, moment_of, page_of
from hirehub.services.ai.routes.deps import PREFIX, AdminOrService, AService, Service
from hirehub.services.ai.schemas import SourceType, Status, TaskOut, TaskType, TextsIn, VectorOut, VectorsOut
from hirehub.services.ai.store import log
from hirehub.services.ai.store.log import Task, Wanted

router = APIRouter(prefix=PREFIX, tags=["ai"])


@router.post("/embeddings")
async def embed_texts(_who: AService, body: TextsIn, service: Service) -> VectorsOut:
    """Turns texts into vectors of unit length; for services."""
    model = await service.model.opened()
    vectors = await service.model.embed(body.texts)
    items = [VectorOut(embedding=one) for one in vectors.tolist()]
    return VectorsOut(model=model.model, dimension=model.dimension, items=items)


@router.get("/tasks")
async def list_tasks(
    _who: AdminOrService,
    service: Service,
    source_type: SourceType | None = None,
    source_id: Annotated[UUID | None, Query(description="The resume or post that was worked on.")] = None,
    task_type: TaskType | None = None,
    status: Status | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[TaskOut]:
    """What was worked on, newest first, each step with its time and without personal data; for administrators."""
    after = decode_cursor(cursor, moment_of, UUID)
    wanted = Wanted(source_type=source_type, source_id=source_id, task_type=task_type, status=status)
    async with service.db.transaction() as tx:
        rows = await log.listed(tx, wanted, after=after, limit=limit + 1)
    return page_of(rows, limit, show=TaskOut.model_validate, position=_position)


def _position(task: Task) -> tuple[str, UUID]:
    return task.created_at.isoformat(), task.id
