"""Rows of the tables of organisations from documents."""

from typing import Any

from app.geo.expressions import point_wkt
from app.organisations.schemas import OrganisationDocument

Row = dict[str, Any]


def write_organisation(document: OrganisationDocument) -> Row:
    """Return the columns of `organisations` that a document holds."""
    return {
        "name": document.name,
        "translations": {
            language: each.model_dump(mode="json")
            for language, each in document.translations.items()
        },
        "kind": document.kind,
        "legal_form": document.legal_form,
        "social_enterprise_reason": document.social_enterprise_reason,
        "description": document.description,
        "founded": document.founded,
        "visibility": document.visibility,
        "findable": document.findable,
    }


def write_identifiers(organisation_id: int, document: OrganisationDocument) -> list[Row]:
    """Return the rows of `organisation_identifiers`, each number once."""
    distinct = {(each.scheme, each.identifier): each for each in document.identifiers}
    return [{"organisation_id": organisation_id, **each.model_dump()} for each in distinct.values()]


def write_addresses(organisation_id: int, document: OrganisationDocument) -> list[Row]:
    """Return the rows of `organisation_addresses`."""
    return [
        {
            "organisation_id": organisation_id,
            "position": position,
            "role": each.role,
            "address": each.address,
            "postcode": each.postcode,
            "location": point_wkt(each.location.lon, each.location.lat) if each.location else None,
            "visibility": each.level,
        }
        for position, each in enumerate(document.addresses)
    ]


def write_contacts(organisation_id: int, document: OrganisationDocument) -> list[Row]:
    """Return the rows of `organisation_contacts`."""
    return [
        {"organisation_id": organisation_id, "position": position, **each.model_dump()}
        for position, each in enumerate(document.contacts)
    ]


def write_works_in(organisation_id: int, document: OrganisationDocument) -> list[Row]:
    """Return the rows of `organisation_works_in`, each area once."""
    distinct = dict.fromkeys((each.type, each.code) for each in document.works_in)
    return [
        {"organisation_id": organisation_id, "area_type": area_type, "area_code": code}
        for area_type, code in distinct
    ]
