"""Parts that the documents of organisations and assets have in common: what people write in."""

from typing import Self
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.records.vocabulary import (
    AddressRole,
    ContactKind,
    Language,
    Latitude,
    Line,
    Longitude,
    Method,
    Name,
    TypeCode,
    Visibility,
    Words,
)

_PHONE = frozenset("0123456789+()-. #/")
_SHORTEST_PHONE = 3  # digits, as emergency numbers have


class Document(BaseModel):
    """A part of what somebody writes in; an unknown field in one is a slip, and said to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Point(Document):
    """A place on the map in degrees on WGS 84, longitude first."""

    lon: Longitude
    lat: Latitude


class AreaName(Document):
    """An area by kind and code, whatever its boundary year."""

    type: TypeCode
    code: Line


class Translation(Document):
    """What something is called, and what is said of it, in another language."""

    name: Line = ""
    description: Words = ""


class Contact(Document):
    """A way to reach somebody, with its own visibility.

    A contact that is area only is shown to nobody but those who may see private details: there is
    no coarser form of a telephone number.
    """

    kind: ContactKind
    value: Line = Field(min_length=1)
    label: Line = ""
    visibility: Visibility = Visibility.PUBLIC

    @model_validator(mode="after")
    def _be_reachable(self) -> Self:
        problem = _CHECKS[self.kind](self.value)
        if problem:
            raise ValueError(f"{self.value!r} {problem}")
        return self


class Address(Document):
    """An address and what it is for.

    Attributes:
        role: What goes on there. A registered or correspondence address is area only unless
            somebody says otherwise: on many registers it is a volunteer's home.
        address: As people write it, without the postcode.
        postcode: As people write it.
        location: Its point, where known.
        visibility: None takes the default of its role.
    """

    role: AddressRole = "registered"
    address: Line = ""
    postcode: Line = ""
    location: Point | None = None
    visibility: Visibility | None = None

    @property
    def level(self) -> Visibility:
        """Its visibility, the default of its role filled in."""
        if self.visibility is not None:
            return self.visibility
        return Visibility.PUBLIC if self.role == "delivery" else Visibility.AREA_ONLY


class Origin(Document):
    """Where a fact comes from.

    Attributes:
        source: Whose list, or "residents" for what people added here.
        source_id: Its identifier there; re-importing finds the record again by it.
        licence: On what terms; None where none is stated, which keeps it out of bulk exports.
        method: How somebody came to know.
    """

    source: Name = "residents"
    source_id: Line | None = None
    licence: Line | None = None
    method: Method = Method.TYPED_IN


Translations = dict[Language, Translation]


def _check_phone(value: str) -> str | None:
    digits = sum(letter.isdigit() for letter in value)
    if digits < _SHORTEST_PHONE or set(value.lower().replace("ext", "").strip()) - _PHONE:
        return "is not a telephone number. Write digits and spaces, such as 0151 000 0000."
    return None


def _check_email(value: str) -> str | None:
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "is not an e-mail address. Write it as name@example.org."
    return None


def _check_web(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    except ValueError:
        is_web = False
    return None if is_web else "is not a web address. Write it with https:// in front."


_CHECKS = {"phone": _check_phone, "email": _check_email, "web": _check_web}
