"""Every field and key is explained where people look for it."""

import re
from pathlib import Path

from app.imports.formats import fields
from app.packs.community_entries import CommunityEntry, Names

GUIDE = (Path(__file__).parents[2] / "docs/how-to/add-a-place.md").read_text(encoding="utf-8")


def test_every_field_of_the_plain_table_has_its_row_in_the_guide() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
    known = {
        *fields.ORGANISATION_FIELDS, *fields.ASSET_FIELDS, *fields.SITE_FIELDS, *fields.KEY_FIELDS,
    }  # fmt: skip
    assert known - told == set()


def test_every_key_of_a_communitys_table_is_in_the_guide() -> None:
    words = set(re.findall(r"`(\w+)", GUIDE))
    assert {*CommunityEntry.model_fields, *Names.model_fields} - words == set()
