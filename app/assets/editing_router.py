"""`/api/v1/assets`: adding and changing them, for people with a role where they are."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Path, Response

from app.accounts.dependencies import ActorDep
from app.assets.schemas import AssetDocument
from app.assets.service import keep_assets
from app.core.database import SessionDep
from app.records.answering import ExpectedRevision, answer_kept
from app.records.keeping import Claim
from app.records.schemas import (
    ConfirmationCreate,
    KeptRead,
    Reversion,
    RevisionDetail,
    StatusChange,
    make_update,
)
from app.records.vocabulary import Method, Status
from app.records.writing import Deed, list_fields

router = APIRouter(tags=["assets"])

AssetPath = Annotated[UUID, Path(description="the asset's id")]
AssetUpdate: Any = make_update(AssetDocument, "AssetUpdate")


@router.post("/assets", status_code=201)
async def create_asset(
    response: Response, session: SessionDep, actor: ActorDep, document: AssetDocument
) -> KeptRead:
    """Add an asset. It shows at once where you may publish; else it waits for review."""
    kept = await keep_assets(session, actor).submit(document, Method.TYPED_IN)
    response.headers["Location"] = f"/api/v1/assets/{kept.public_id}"
    return answer_kept(response, kept)


@router.get("/assets/{asset}/document")
async def get_asset_document(
    response: Response, session: SessionDep, actor: ActorDep, asset: AssetPath
) -> AssetDocument:
    """Everything that is said of an asset, private details included; its ETag is the revision."""
    opened = await keep_assets(session, actor).open(asset)
    answer_kept(response, opened.kept)
    return opened.document


@router.patch("/assets/{asset}")
async def update_asset(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    asset: AssetPath,
    expected: ExpectedRevision,
    update: AssetUpdate,
) -> KeptRead:
    """Change some fields. If somebody was quicker, 412 says what they changed, and yours waits."""
    kept = await keep_assets(session, actor).edit(
        asset,
        list_fields(update),
        expected,
        Deed(actor, "changed", update.remark.method, update.remark.note),
    )
    return answer_kept(response, kept)


@router.post("/assets/{asset}/reversions")
async def revert_asset(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    asset: AssetPath,
    expected: ExpectedRevision,
    wanted: Reversion,
) -> KeptRead:
    """Go back to an earlier revision; what came after stays in the history."""
    kept = await keep_assets(session, actor).revert(asset, wanted.revision, expected, wanted.note)
    return answer_kept(response, kept)


@router.put("/assets/{asset}/status")
async def set_asset_status(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    asset: AssetPath,
    change: StatusChange,
) -> KeptRead:
    """Publish, reject, close or take down an asset."""
    kept = await keep_assets(session, actor).move(asset, Status(change.status), change.reason)
    return answer_kept(response, kept)


@router.post("/assets/{asset}/confirmations", status_code=204)
async def confirm_asset(
    session: SessionDep,
    actor: ActorDep,
    asset: AssetPath,
    confirmations: Annotated[list[ConfirmationCreate], Body(min_length=1, max_length=20)],
) -> None:
    """Say that existence, hours or contact were looked at, and found right or wrong."""
    claims = [
        Claim(each.aspect, each.is_right, each.asserted_on, Method(each.method))
        for each in confirmations
    ]
    await keep_assets(session, actor).confirm(asset, claims)


@router.get("/assets/{asset}/revisions")
async def list_asset_revisions(
    response: Response, session: SessionDep, actor: ActorDep, asset: AssetPath
) -> list[RevisionDetail]:
    """Every revision, newest first, private details included. /history is the public one."""
    response.headers["Cache-Control"] = "private, no-store"
    found = await keep_assets(session, actor).list_revisions(asset)
    return [RevisionDetail.model_validate(each) for each in found]
