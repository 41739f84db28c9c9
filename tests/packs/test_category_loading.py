"""A pack's own categories: loaded with it, kept up to date without it, refused in sentences."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.core.versions import read_version
from app.packs.manifest import PackProblem, read_manifest
from app.packs.service import load_pack
from app.taxonomy.loading import read_reference_terms
from tests.packs.small_pack import SOURCE, SmallPack, ignore, load_good, of, refuse

ENTRY = """
[[categories]]
source = "terms"
columns = { code = "ID", name = "Called", broader = "Part of", synonyms = "Also" }
where = { "In use" = "yes" }
"""
DEMAND = """
[[demand]]
category = "CODE"
catchment_m = 800
"""
HEADING = ["ID", "Called", "Part of", "Also", "In use"]
FERRY = ["ferry", "Ferries", "transport", "boat; jetty", "yes"]
WARM = ["warm-space", "Cosy rooms", "", "fire", "yes"]
OLD = ["tram", "Trams", "nowhere", "", "no"]


def give_terms(pack: SmallPack, *rows: list[str], more: str = "") -> SmallPack:
    """Write a table of categories into a pack, and the entry that reads it."""
    pack.tables["terms.csv"] = [HEADING, *rows]
    addition = SOURCE.format(key="terms", file="terms.csv") + ENTRY + more
    pack.write(lambda manifest: manifest + addition)
    return pack


async def fetch_names(database: Database) -> dict[str, str]:
    """Return the names of the categories that are offered, by code."""
    query = text("SELECT code, name FROM categories WHERE NOT is_retired ORDER BY position")
    async with database.sessions() as session:
        return {row.code: row.name for row in await session.execute(query)}


async def test_every_pack_has_the_reference_set(database: Database, tmp_path: Path) -> None:
    await load_good(database, tmp_path)
    reference = {term.code: term.name for term in read_reference_terms()}
    assert await fetch_names(database) == reference


async def test_a_packs_own_terms_come_with_it_and_retire_with_it(
    database: Database, tmp_path: Path
) -> None:
    pack = give_terms(SmallPack(tmp_path), FERRY, WARM, OLD)
    report = await load_pack(database, tmp_path, ignore)
    read = of(report, "terms.csv")
    assert (read.read, read.accepted, read.purpose) == (2, 2, "categories")
    names = await fetch_names(database)
    assert report.counts["categories"] == len(names) == len(read_reference_terms()) + 1
    assert (names["ferry"], names["warm-space"]) == ("Ferries", "Cosy rooms")
    assert "tram" not in names
    del pack.tables["terms.csv"]
    pack.write()
    await load_pack(database, tmp_path, ignore)
    names = await fetch_names(database)
    assert "ferry" not in names
    assert names["warm-space"] == "Warm spaces"


async def test_an_unchanged_pack_gets_the_categories_of_a_newer_program(
    database: Database, tmp_path: Path
) -> None:
    give_terms(SmallPack(tmp_path), FERRY)
    await load_pack(database, tmp_path, ignore)
    async with database.sessions.begin() as session:  # as a former program would have left it
        await session.execute(
            text("UPDATE categories SET name = 'Chemists' WHERE code = 'pharmacy'")
        )
        await session.execute(text("DELETE FROM categories WHERE code IN ('ferry', 'toy-library')"))
    report = await load_pack(database, tmp_path, ignore)
    assert report.is_unchanged
    names = await fetch_names(database)
    assert (names["pharmacy"], names["ferry"]) == ("Pharmacies", "Ferries")
    assert "toy-library" in names
    async with database.sessions() as session:
        before = await read_version(session, "categories")
    await load_pack(database, tmp_path, ignore)
    async with database.sessions() as session:
        assert await read_version(session, "categories") == before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ["ferry", "Ferries", "transprot", "", "yes"],
            (
                "terms.csv, row 2: `broader` is 'transprot', which is no category (do you mean "
                "'transport'?)."
            ),
        ),
        (
            ["Ferry!", "Ferries", "transport", "", "yes"],
            "terms.csv, row 2: `code` is 'Ferry!'; write lower-case letters, digits and hyphens",
        ),
        (
            ["library", "Libraries", "health", "", "yes"],
            "terms.csv, row 2: `broader` is 'health', and 'library' is a term of the reference set",
        ),
        (["", "Ferries", "transport", "", "yes"], "terms.csv, row 2: `code` is empty."),
    ],
)
async def test_a_table_that_cannot_be_used_changes_nothing(
    database: Database, tmp_path: Path, row: list[str], said: str
) -> None:
    pack = await load_good(database, tmp_path)
    assert said in await refuse(database, give_terms(pack, row))


async def test_a_category_that_the_manifest_names_must_be_one(
    database: Database, tmp_path: Path
) -> None:
    pack = await load_good(database, tmp_path)
    give_terms(pack, FERRY, more=DEMAND.replace("CODE", "pharmcy"))
    assert await refuse(database, pack) == (
        "`demand` names the category 'pharmcy', which is none (do you mean 'pharmacy'?). "
        "Correct `category` in pack.toml, or add it to a table of `categories`."
    )
    give_terms(pack, FERRY, more=DEMAND.replace("CODE", "ferry"))
    await load_pack(database, tmp_path, ignore)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('{ code = "ID", nmae = "Called" }', "has no meaning for 'nmae' (do you mean 'name'?)"),
        ('{ name = "Called" }', "needs `code`, the column of the categories' codes"),
    ],
)
def test_columns_that_mean_nothing_are_told(tmp_path: Path, columns: str, said: str) -> None:
    pack = give_terms(SmallPack(tmp_path), FERRY)
    manifest = (tmp_path / "pack.toml").read_text()
    start = manifest.index("columns", manifest.index("[[categories]]"))
    rest = manifest[manifest.index("\n", start) :]
    (pack.folder / "pack.toml").write_text(f"{manifest[:start]}columns = {columns}{rest}")
    with pytest.raises(PackProblem) as caught:
        read_manifest(tmp_path)
    assert said in str(caught.value)
