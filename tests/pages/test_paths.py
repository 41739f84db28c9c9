"""Addresses of pages: readable, harmless, and never empty."""

from uuid import UUID

import pytest

from app.pages.paths import (
    write_area_path,
    write_asset_path,
    write_organisation_path,
    write_slug,
)

ID = UUID("01234567-89ab-cdef-0123-456789abcdef")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("St Peter\u2019s Church Hall", "st-peters-church-hall"),
        ("Caf\u00e9 & Co.", "cafe-co"),
        ("  Two  words ", "two-words"),
        ("\u0421\u0430\u0434", "\u0441\u0430\u0434"),
        ("../../etc", "etc"),
        ("<script>", "script"),
        ("\U0001f600", "listing"),
        ("", "listing"),
    ],
)
def test_a_name_becomes_words_with_hyphens(name: str, slug: str) -> None:
    assert write_slug(name) == slug


def test_a_long_name_is_cut_between_words() -> None:
    slug = write_slug("word " * 40)

    assert len(slug) <= 60
    assert slug.endswith("word")
    assert len(write_slug("x" * 500)) == 60


def test_addresses_hold_nothing_but_what_addresses_may_hold() -> None:
    assert write_asset_path(ID, "Hall") == f"/assets/{ID}/hall"
    assert (
        write_organisation_path(ID, "\u0421\u0430\u0434")
        == f"/organisations/{ID}/%D1%81%D0%B0%D0%B4"
    )
    assert write_area_path("ward", "W/01?") == "/areas/ward/W%2F01%3F"
