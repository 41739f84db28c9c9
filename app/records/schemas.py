"""What the API takes and gives about any record: how it stands, its revisions, confirmations."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.records.documents import Document
from app.records.vocabulary import Aspect, Line, Method, Status, Words

D = TypeVar("D", bound=Document)


class KeptRead(BaseModel):
    """How a record stands after what was done to it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    status: Status = Field(description="'waiting' until somebody has looked at it")
    revision: int = Field(description="send it back as If-Match, in quotes, with the next change")


class ChangeRead(BaseModel):
    """One field that a revision changed."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    before: Any = Field(description="null: nothing")
    after: Any


class RevisionDetail(BaseModel):
    """One revision, private details included."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    author: str = Field(description="empty: a visitor without an account, or an import")
    method: str = Field(description="how they knew")
    action: str
    note: str
    status: str = Field(description="how the record stood afterwards")
    changes: list[ChangeRead]


class ConfirmationCreate(Document):
    """That something was looked at, and found right or wrong."""

    aspect: Aspect
    is_right: bool = True
    asserted_on: date = Field(description="the day on which it was looked at")
    method: Literal["visited", "phoned", "told by the owner"] = "visited"


class StatusChange(Document):
    """What a record is to be, and why."""

    status: Literal["published", "rejected", "closed", "taken down"]
    reason: Words = Field(default="", description="told to whoever offered it")


class Reversion(Document):
    """Which revision to go back to."""

    revision: int = Field(ge=1)
    note: Line = ""


class Remark(Document):
    """How somebody knows what they change, and why they change it."""

    method: Method = Method.TYPED_IN
    note: Words = ""


def make_update(document: type[D], name: str) -> type[Document]:
    """Return the model of a change: any of a document's fields, and what is said of the change."""
    fields: dict[str, Any] = {
        field: (
            Annotated[(info.annotation, *info.metadata, Field(description=info.description))],
            None,
        )
        for field, info in document.model_fields.items()
    }
    fields["remark"] = (Remark, Remark())
    return create_model(
        name, __base__=Document, __doc__="The fields to change; others stay.", **fields
    )
