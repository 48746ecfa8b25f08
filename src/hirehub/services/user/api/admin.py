"""What administrators do with accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from hirehub.contracts.user import UserType
from hirehub.kernel.auth import Principal
from hirehub.kernel.auth.dependencies import require
from hirehub.kernel.http.paging import Cursor, Limit, Page, after_id, page_of
from hirehub.kernel.telemetry import get_logger
from hirehub.services.user.api.deps import PREFIX, Service, Tx
from hirehub.services.user.domain.accounts import Status, WrongState
from hirehub.services.user.schemas import Email, UserOut
from hirehub.services.user.store import users
from hirehub.services.user.usecases import accounts

router = APIRouter(prefix=f"{PREFIX}/admin/users", tags=["admin"])
_log = get_logger(__name__)

Admin = Annotated[Principal, Depends(require(UserType.ADMIN))]


@router.get("")
async def find_users(
    _who: Admin,
    tx: Tx,
    email: Annotated[Email | None, Query()] = None,
    status: Status | None = None,
    user_type: UserType | None = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[UserOut]:
    """Accounts in the order in which they began, those that are asked for."""
    rows = await users.find(tx, after=after_id(cursor), limit=limit, email=email, status=status, user_type=user_type)
    return page_of(rows, limit, show=UserOut.model_validate, position=lambda row: (row.id,))


@router.get("/{user_id}")
async def read_user(_who: Admin, user_id: UUID, tx: Tx) -> UserOut:
    """An account."""
    return UserOut.model_validate(await accounts.read(tx, user_id=user_id))


@router.post("/{user_id}/suspend")
async def suspend(who: Admin, user_id: UUID, service: Service, tx: Tx) -> UserOut:
    """Suspends an account; its sessions end at once."""
    if user_id == who.person:
        raise WrongState("You cannot suspend your own account.", hint="Let another administrator do it.")
    found = await accounts.suspend(tx, user_id=user_id, endings=service.endings)
    _log.info("user_suspended", user_id=str(user_id), by=who.subject)
    return UserOut.model_validate(found)


@router.post("/{user_id}/reinstate")
async def reinstate(who: Admin, user_id: UUID, tx: Tx) -> UserOut:
    """Lets a suspended account in again."""
    found = await accounts.reinstate(tx, user_id=user_id)
    _log.info("user_reinstated", user_id=str(user_id), by=who.subject)
    return UserOut.model_validate(found)
