"""What is said of an organisation: written in, kept in its revisions, and read out."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.organisations.vocabulary import OrganisationKind, Reason
from app.records.documents import Address, AreaName, Contact, Document, Translations
from app.records.vocabulary import Line, Name, Visibility, Words


class Identifier(Document):
    """A number on a register, by the register's code on org-id.guide, such as GB-CHC."""

    scheme: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-[A-Z0-9]{2,20}$")]
    identifier: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\S{1,60}$")]
    url: Line = ""


class OrganisationDocument(Document):
    """Everything that can be said of an organisation.

    Attributes:
        name: What it is called.
        translations: Name and description in other languages, by language.
        kind: What sort of organisation it is.
        legal_form: Its form in law, in words, such as "community interest company".
        social_enterprise_reason: Why it is listed as a social enterprise; None: it is not.
        description: What it does.
        founded: The year.
        identifiers: Its numbers on registers.
        addresses: Where it is registered or writes from.
        contacts: How to reach it.
        works_in: Areas it says it works in; more follow from its assets' sites.
        visibility: Who may see where it is; bears on everything it runs.
        findable: Hidden, but to be found by name for the areas it works in, with a contact only.
    """

    name: Name
    translations: Translations = {}
    kind: OrganisationKind = "not stated"
    legal_form: Line = ""
    social_enterprise_reason: Reason | None = None
    description: Words = ""
    founded: Annotated[int, Field(ge=1000, le=2200)] | None = None
    identifiers: list[Identifier] = Field(default=[], max_length=20)
    addresses: list[Address] = Field(default=[], max_length=10)
    contacts: list[Contact] = Field(default=[], max_length=20)
    works_in: list[AreaName] = Field(default=[], max_length=500)
    visibility: Visibility = Visibility.PUBLIC
    findable: bool = False


class OrganisationRef(Document):
    """An organisation named by something it runs."""

    id: UUID
    name: str
