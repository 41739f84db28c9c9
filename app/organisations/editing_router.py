"""`/api/v1/organisations`: adding and changing them, for people with a role where they are."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Path, Response

from app.accounts.dependencies import ActorDep
from app.core.database import SessionDep
from app.organisations.schemas import OrganisationDocument
from app.organisations.service import keep_organisations
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

router = APIRouter(tags=["organisations"])

OrganisationPath = Annotated[UUID, Path(description="the organisation's id")]
OrganisationUpdate: Any = make_update(OrganisationDocument, "OrganisationUpdate")


@router.post("/organisations", status_code=201)
async def create_organisation(
    response: Response, session: SessionDep, actor: ActorDep, document: OrganisationDocument
) -> KeptRead:
    """Add an organisation. It shows at once where you may publish; else it waits for review."""
    kept = await keep_organisations(session, actor).submit(document, Method.TYPED_IN)
    response.headers["Location"] = f"/api/v1/organisations/{kept.public_id}"
    return answer_kept(response, kept)


@router.get("/organisations/{organisation}/document")
async def get_organisation_document(
    response: Response, session: SessionDep, actor: ActorDep, organisation: OrganisationPath
) -> OrganisationDocument:
    """All that is said of an organisation, private details included; its ETag is the revision."""
    opened = await keep_organisations(session, actor).open(organisation)
    answer_kept(response, opened.kept)
    return opened.document


@router.patch("/organisations/{organisation}")
async def update_organisation(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    organisation: OrganisationPath,
    expected: ExpectedRevision,
    update: OrganisationUpdate,
) -> KeptRead:
    """Change some fields. If somebody was quicker, 412 says what they changed, and yours waits."""
    kept = await keep_organisations(session, actor).edit(
        organisation,
        list_fields(update),
        expected,
        Deed(actor, "changed", update.remark.method, update.remark.note),
    )
    return answer_kept(response, kept)


@router.post("/organisations/{organisation}/reversions")
async def revert_organisation(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    organisation: OrganisationPath,
    expected: ExpectedRevision,
    wanted: Reversion,
) -> KeptRead:
    """Go back to an earlier revision; what came after stays in the history."""
    kept = await keep_organisations(session, actor).revert(
        organisation, wanted.revision, expected, wanted.note
    )
    return answer_kept(response, kept)


@router.put("/organisations/{organisation}/status")
async def set_organisation_status(
    response: Response,
    session: SessionDep,
    actor: ActorDep,
    organisation: OrganisationPath,
    change: StatusChange,
) -> KeptRead:
    """Publish, reject, close or take down an organisation."""
    kept = await keep_organisations(session, actor).move(
        organisation, Status(change.status), change.reason
    )
    return answer_kept(response, kept)


@router.post("/organisations/{organisation}/confirmations", status_code=204)
async def confirm_organisation(
    session: SessionDep,
    actor: ActorDep,
    organisation: OrganisationPath,
    confirmations: Annotated[list[ConfirmationCreate], Body(min_length=1, max_length=20)],
) -> None:
    """Say that existence, hours or contact were looked at, and found right or wrong."""
    claims = [
        Claim(each.aspect, each.is_right, each.asserted_on, Method(each.method))
        for each in confirmations
    ]
    await keep_organisations(session, actor).confirm(organisation, claims)


@router.get("/organisations/{organisation}/revisions")
async def list_organisation_revisions(
    response: Response, session: SessionDep, actor: ActorDep, organisation: OrganisationPath
) -> list[RevisionDetail]:
    """Every revision, newest first, private details included. /history is the public one."""
    response.headers["Cache-Control"] = "private, no-store"
    found = await keep_organisations(session, actor).list_revisions(organisation)
    return [RevisionDetail.model_validate(each) for each in found]
