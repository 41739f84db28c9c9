"""What the API says and takes about people, sessions and granted roles."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.accounts.permissions import Role
from app.core.pagination import LARGEST_PAGE
from app.core.parameters import PlainText

Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\x00]*$")]
"""An address as typed; the service says in a sentence what is wrong with it."""


class SignInLinkCreate(BaseModel):
    """Whom a link is to be mailed to."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    next_path: PlainText = Field(
        default="/", description="where on this site to go after signing in"
    )


class SignInLinkAnswer(BaseModel):
    """What everybody is told who asks for a link."""

    detail: str


class SessionCreate(BaseModel):
    """What a session begins with."""

    model_config = ConfigDict(extra="forbid")

    token: PlainText = Field(description="the end of the address in the mail, after /sign-in/")


class SessionRead(BaseModel):
    """A session that has just begun; its token is shown this once."""

    token: str = Field(description="for `Authorization: Bearer`")
    expires_at: datetime = Field(description="later with every use, up to 90 days in all")


class GrantRead(BaseModel):
    """A role somebody holds."""

    role: Role
    area_type: str | None = Field(description="kind of area; null: everywhere")
    area_code: str | None = Field(description="code of the area; null: everywhere")


class MeRead(BaseModel):
    """The person who asks."""

    public_id: uuid.UUID
    name: str
    email: str
    created_at: datetime
    grants: list[GrantRead]


class RoleGrantFilters(BaseModel):
    """Which page of the granted roles is asked for."""

    model_config = ConfigDict(extra="forbid")

    cursor: PlainText | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=100, ge=1, le=LARGEST_PAGE)


class RoleGrantCreate(BaseModel):
    """A role for somebody; without an account yet, they are invited."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(description="whose role it is")
    name: PlainText = Field(default="", description="of somebody who has no account yet")
    role: Role
    area_type: PlainText | None = Field(
        default=None, description="kind of area, as in /area-types; leave both out for everywhere"
    )
    area_code: PlainText | None = Field(default=None, description="code of the area")


class RoleGrantRead(GrantRead):
    """A granted role, with who holds it and who gave it."""

    id: int
    person: uuid.UUID = Field(description="public id of the person")
    name: str
    email: str
    granted_at: datetime
    granted_by: str | None = Field(description="name of a person; null: an operator")


class RoleGrantPage(BaseModel):
    """Part of a list of granted roles, oldest first."""

    items: list[RoleGrantRead]
    next: str | None = Field(description="cursor of the next page; null on the last")
