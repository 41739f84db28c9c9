"""Every field that people write in has a line that says what others call it."""

import re
from pathlib import Path

import pytest

from app.assets.schemas import Access, AssetDocument, Recurrence, SiteDocument
from app.organisations.schemas import Identifier, OrganisationDocument
from app.records.documents import Address, Contact, Document, Origin

GLOSSARY = Path(__file__).parents[2] / "docs/glossary.md"

DOCUMENTS: dict[str, type[Document]] = {
    "asset": AssetDocument,
    "access": Access,
    "site": SiteDocument,
    "recurrence": Recurrence,
    "organisation": OrganisationDocument,
    "identifier": Identifier,
    "address": Address,
    "contact": Contact,
    "origin": Origin,
}


def read_lines() -> dict[str, list[str]]:
    """Return what others call each field, by its name."""
    table = GLOSSARY.read_text().split("## Fields, and what others call them")[1]
    cells = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.*) \| (.*) \|$", table, re.MULTILINE)
    return {field: others for field, *others in cells}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_field_has_its_line_and_every_line_its_field(name: str) -> None:
    lines = read_lines()
    fields = {f"{name}.{field}" for field in DOCUMENTS[name].model_fields}
    assert {field for field in lines if field.startswith(f"{name}.")} == fields
    assert all(hsds and osm for field in fields for hsds, osm in [lines[field]])
