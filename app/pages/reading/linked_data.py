"""Facts for search engines in the words of schema.org: only what everybody may know."""

from collections.abc import Sequence
from typing import Any

from app.assets.reading_schemas import AssetRead, SiteRead
from app.organisations.public_schemas import OrganisationDetail
from app.pages.paths import write_asset_path, write_organisation_path
from app.records.vocabulary import Visibility

CONTEXT = "https://schema.org"
_TYPES = {"place": "Place", "activity": "Service", "service": "Service", "resource": "Service"}


def describe_asset(asset: AssetRead, base: str) -> dict[str, Any]:
    """Return an asset as schema.org has it: a place as a Place, everything else as a Service.

    An asset of which only the area is told has neither address nor point.

    Args:
        asset: What everybody may know of it.
        base: Our own address, without a slash at its end.
    """
    address = f"{base}{write_asset_path(asset.id, asset.name)}"
    sites = [site for site in asset.sites if site.role == "delivery"]
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": _TYPES[asset.kind],
        "@id": address,
        "url": address,
        "name": asset.name,
    }
    if asset.description:
        said["description"] = asset.description
    if asset.kind == "place":
        if sites:
            said |= _describe_place(sites[0])
    else:
        places = [place for site in sites if (place := _describe_place(site))]
        if places:
            said["availableChannel"] = [
                {"@type": "ServiceChannel", "serviceLocation": {"@type": "Place", **place}}
                for place in places
            ]
    said |= _describe_contacts([each for site in sites for each in site.contacts])
    if asset.organisation is not None:
        said["provider" if asset.kind != "place" else "maintainer"] = _name_organisation(
            asset.organisation.name,
            f"{base}{write_organisation_path(asset.organisation.id, asset.organisation.name)}",
        )
    if asset.cost == "free":
        said["isAccessibleForFree"] = True
    return said


def describe_organisation(found: OrganisationDetail, base: str) -> dict[str, Any]:
    """Return an organisation as schema.org has it."""
    address = f"{base}{write_organisation_path(found.id, found.name)}"
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "NGO" if found.kind == "charity" else "Organization",
        "@id": address,
        "url": address,
        "name": found.name,
    }
    if found.description:
        said["description"] = found.description
    if found.founded:
        said["foundingDate"] = str(found.founded)
    if found.identifiers:
        said["identifier"] = [
            {"@type": "PropertyValue", "propertyID": each.scheme, "value": each.identifier}
            for each in found.identifiers
        ]
    return said | _describe_contacts(found.contacts)


def _describe_place(site: SiteRead) -> dict[str, Any]:
    """Return address and point of a site that is public; of others nothing."""
    if site.visibility != Visibility.PUBLIC:
        return {}
    said: dict[str, Any] = {}
    if site.address or site.postcode:
        said["address"] = {
            "@type": "PostalAddress",
            **({"streetAddress": site.address} if site.address else {}),
            **({"postalCode": site.postcode} if site.postcode else {}),
        }
    if site.location is not None:
        said["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": site.location.lat,
            "longitude": site.location.lon,
        }
    return said


def _describe_contacts(contacts: Sequence[Any]) -> dict[str, Any]:
    words = {"phone": "telephone", "email": "email", "web": "sameAs"}
    said: dict[str, Any] = {}
    for each in contacts:
        said.setdefault(words[each.kind], each.value)
    return said


def _name_organisation(name: str, address: str) -> dict[str, str]:
    return {"@type": "Organization", "name": name, "url": address}
