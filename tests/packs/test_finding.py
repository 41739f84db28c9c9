"""Files of a pack from a mirror or from their publishers: one reader, whatever the columns."""

import csv
import gzip
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.database import Database
from app.packs.finding import Shelves
from app.packs.manifest import PackProblem
from app.packs.service import check_pack, load_pack
from tests.packs.playing_host import Answer, Asked, Host, hosting

PACKS = Path("data/packs")

HEAD = """
name = "two-ways"
title = "Two ways"
projected_crs = "EPSG:27700"
time_zone = "Europe/London"
languages = ["en-GB"]
area_types = [{ code = "lsoa", name = "neighbourhood", plural = "neighbourhoods", position = 1 }]

[[boundaries]]
source = "lsoa_2021"
area_type = "lsoa"
boundary_year = 2021
columns = { code = "LSOA21CD", name = "LSOA21NM" }
where = { LADCD_ACTIVE = "E06000006" }

[[indicators]]
code = "{code}"
name = "{code}"
unit = "score"
measure = "score"
polarity = "high is bad"
source = "imd_2025"
format = "iod"
area_type = "lsoa"
boundary_year = 2021
period = "2025"
columns = { code = "lsoa21_code", value = "{column}" }
for_each = [{ code = "imd", column = "IMD_score" }, { code = "health", column = "Health_rank" }]
"""


async def ignore(_step: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far a load is."""


def take_source(pack: str, key: str) -> str:
    """Return the tables of one source as the repository's own packs have them."""
    whole = (PACKS / pack).read_text()
    found = re.search(
        rf"^\[sources\.{key}\]\n(?:(?!^\[sources\.(?!{key}\.)|^\[\[|^# ---).*\n)*",
        whole,
        re.MULTILINE,
    )
    assert found
    return found[0]


def write_pack(folder: Path, port: int) -> Path:
    """Write a pack of two real sources whose publishers are the server on `port`."""
    sources = take_source("cheshire-merseyside/pack.toml", "lsoa_2021")
    sources += take_source("england/sources.toml", "imd_2025")
    local = re.sub(r"https://[a-z0-9.]+/", f"http://127.0.0.1:{port}/", sources)
    pack = folder / "two-ways"
    pack.mkdir()
    (pack / "pack.toml").write_text(HEAD + "\n" + local)
    return pack


class Publishers:
    """Plays the feature service and the download of the real publishers, from a mirror's files."""

    def __init__(self, mirror: Path) -> None:
        with gzip.open(mirror / "boundaries/lsoa2021_cheshire_merseyside.geojson.gz") as opened:
            self.features: list[dict[str, Any]] = json.load(opened)["features"]
        columns = tomllib.loads(take_source("england/sources.toml", "imd_2025"))["sources"]
        self.columns: dict[str, str] = columns["imd_2025"]["official"]["columns"]
        with gzip.open(mirror / "deprivation/imd2025_england_lsoa21.csv.gz", "rt") as opened:
            self.table = list(csv.reader(opened))

    def play(self, asked: Asked) -> Answer:
        """Answer as they do: pages of at most 700 features, a file with long headers and a BOM."""
        if "FeatureServer" in asked.path:
            return self._play_layer(asked.query)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([self.columns.get(name, name) + " " for name in self.table[0]])
        writer.writerows(self.table[1:])
        return Answer(out.getvalue().encode("utf-8-sig"), headers={"Content-Type": "text/csv"})

    def _play_layer(self, query: dict[str, str]) -> Answer:
        if query.get("returnCountOnly") == "true":
            return Answer(json.dumps({"count": len(self.features)}).encode())
        first = int(query.get("resultOffset", "0"))
        page = self.features[first : first + 700]
        more = {"exceededTransferLimit": first + len(page) < len(self.features)}
        answer = {"type": "FeatureCollection", "features": page, "properties": more}
        return Answer(json.dumps(answer).encode(), headers={"Content-Type": "application/geo+json"})


async def read_values(database: Database) -> list[tuple[Any, ...]]:
    """Return every value with its indicator and area."""
    query = """
        SELECT i.code, a.code, v.value FROM indicator_values AS v
        JOIN indicator_series AS s ON s.id = v.series_id
        JOIN indicators AS i ON i.id = s.indicator_id
        JOIN areas AS a ON (a.boundary_set_id, a.gid) = (s.boundary_set_id, v.gid)
        ORDER BY i.code, a.code
    """
    async with database.sessions() as session:
        return [tuple(row) for row in await session.execute(text(query))]


@pytest.mark.realdata
async def test_publishers_and_mirror_give_the_same(
    database: Database, tmp_path: Path, realdata: Path
) -> None:
    async with hosting(Publishers(realdata).play) as host:
        pack = write_pack(tmp_path, host.port)
        await load_pack(database, pack, ignore, Shelves(mirror=realdata))
        assert host.asked == []
        mirrored = await read_values(database)
        report = await load_pack(database, pack, ignore, fetching(host, tmp_path))
        assert not report.is_unchanged
        fetched = await read_values(database)
        asked = len(host.asked)
        assert (await load_pack(database, pack, ignore, fetching(host, tmp_path))).is_unchanged
        assert len(host.asked) == asked, "what was fetched is kept"
    assert len(mirrored) == 2 * 80
    assert fetched == mirrored


def fetching(host: Host, folder: Path) -> Shelves:
    """Return shelves without a mirror, fetching from `host`."""
    return Shelves(raw=folder / "raw", allow=frozenset({("127.0.0.1", host.port)}))


@pytest.mark.realdata
async def test_a_publisher_who_renames_a_column_is_told_and_nothing_changes(
    database: Database, tmp_path: Path, realdata: Path
) -> None:
    publishers = Publishers(realdata)
    publishers.columns["IMD_score"] = "IMD score (2025 method)"
    async with hosting(publishers.play) as host:
        pack = write_pack(tmp_path, host.port)
        with pytest.raises(PackProblem) as caught:
            await load_pack(database, pack, ignore, fetching(host, tmp_path))
    said = str(caught.value)
    assert "File_7_IoD2025.csv" in said
    assert "Index of Multiple Deprivation (IMD) Score" in said
    assert await read_values(database) == []


async def test_without_mirror_and_network_there_is_a_sentence(
    database: Database, tmp_path: Path
) -> None:
    pack = write_pack(tmp_path, 9)  # a port where nothing listens
    shelves = Shelves(raw=tmp_path / "raw", allow=frozenset({("127.0.0.1", 9)}))
    with pytest.raises(PackProblem) as caught:
        await load_pack(database, pack, ignore, shelves)
    said = str(caught.value)
    assert "127.0.0.1" in said
    assert "MIRROR=" in said
    assert "1 further sources are still to be fetched" in said


def test_a_check_says_what_would_be_fetched_and_fetches_nothing(tmp_path: Path) -> None:
    check = check_pack(write_pack(tmp_path, 9), Shelves(raw=tmp_path / "raw"))
    assert check.held == 0
    assert len(check.to_fetch) == 2
    assert all("which nobody has tried yet" in sentence for sentence in check.to_fetch)
    assert not (tmp_path / "raw").exists()


def test_without_addresses_the_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(PackProblem) as caught:
        check_pack(write_pack(tmp_path, 9), Shelves(mirror=tmp_path))
    said = str(caught.value)
    assert "boundaries/lsoa2021_cheshire_merseyside.geojson.gz" in said
    assert f"in the mirror {tmp_path}" in said


def test_a_mirror_that_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackProblem, match=r"is not a folder\. Correct MIRROR"):
        check_pack(write_pack(tmp_path, 9), Shelves(mirror=tmp_path / "nowhere"))


@pytest.mark.parametrize("pack", ["cheshire-merseyside", "england"])
@pytest.mark.realdata
def test_the_repositorys_packs_are_in_order(pack: str, realdata: Path) -> None:
    check = check_pack(PACKS / pack, Shelves(mirror=realdata))
    assert check.to_fetch == []
    untried = [
        key
        for key, source in check.manifest.sources.items()
        if source.official and source.official.tried
    ]
    assert untried == [], "nobody has fetched from these addresses yet"
