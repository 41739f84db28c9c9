"""Sao Paulo as a pack: hexagons of the H3 grid from the mirror, and no change in Python."""

import csv
import hashlib
from pathlib import Path

import h3
import httpx
import pytest
import shapely

from app.core.database import Database
from app.core.settings import Settings
from app.geo.cells import outline_cell
from app.packs.finding import Shelves
from app.packs.service import load_pack
from tests.conftest import ignore_progress, open_client

FILE = "network/sao_paulo_r5r_hexgrid.csv"
COARSE = 7

MANIFEST = """
name = "sao-paulo"
title = "São Paulo, centro"
projected_crs = "EPSG:31983"
time_zone = "America/Sao_Paulo"
languages = ["pt-BR"]
area_types = [
    { code = "hexagon", name = "hexágono", plural = "hexágonos", position = 1 },
    { code = "district", name = "distrito", plural = "distritos", position = 2, publishing = true },
]

[sources.grid]
title = "Hexagons of the centre of Sao Paulo"
publisher = "IPEA"
licence = "MIT"
vintage = "2019"
file = "network/sao_paulo_r5r_hexgrid.csv"
sha256 = "@sum"

[[boundaries]]
source = "grid"
area_type = "hexagon"
boundary_year = 2019
columns = { code = "id" }
cells = "h3"

[[boundaries]]
source = "grid"
area_type = "district"
boundary_year = 2019
columns = { code = "id" }
cells = "h3"
resolution = 7

[[lookups]]
source = "grid"
kind = "within"
from = { area_type = "hexagon", boundary_year = 2019, column = "id" }
to = { area_type = "district", boundary_year = 2019, column = "id" }
resolution = 7

[[populations]]
source = "grid"
area_type = "hexagon"
boundary_year = 2019
period = "2019"
columns = { code = "id", people = "population" }

[[indicators]]
for_each = [
    { column = "jobs", code = "jobs", name = "Empregos", unit = "empregos" },
    { column = "schools", code = "schools", name = "Escolas", unit = "escolas" },
    { column = "healthcare", code = "clinics", name = "Unidades de saúde", unit = "unidades" },
]
source = "grid"
measure = "count"
polarity = "high is good"
decimals = 0
aggregate = "sum"
area_type = "hexagon"
boundary_year = 2019
period = "2019"
columns = { code = "id", value = "{column}" }

[[indicators]]
source = "grid"
code = "clinics_per_1000"
name = "Unidades de saúde por mil habitantes"
unit = "por mil"
measure = "rate"
polarity = "high is good"
aggregate = "mean"
denominator = "own"
area_type = "hexagon"
boundary_year = 2019
period = "2019"
derive = "ratio"
scale = 1000.0
columns = { code = "id", numerator = "healthcare", denominator = "population" }
"""


def read_rows(realdata: Path) -> list[dict[str, str]]:
    """Return the file's rows, read without the service's reader."""
    with (realdata / FILE).open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def add_up(rows: list[dict[str, str]], column: str) -> dict[str, float]:
    """Return sums by district."""
    sums: dict[str, float] = {}
    for row in rows:
        parent = h3.cell_to_parent(row["id"], COARSE)
        sums[parent] = sums.get(parent, 0) + float(row[column])
    return sums


async def read_values(client: httpx.AsyncClient, code: str, kind: str) -> dict[str, float | None]:
    """Return an indicator's values by area code, asked from the API."""
    answer = await client.get(
        f"/api/v1/indicators/{code}/rows", params={"area_type": kind, "limit": 500}
    )
    assert answer.status_code == 200, answer.text
    return {row["code"]: row["value"] for row in answer.json()["items"]}


@pytest.mark.realdata
async def test_sao_paulo_loads_from_a_manifest_alone(
    database: Database, realdata: Path, tmp_path: Path, settings: Settings
) -> None:
    checksum = hashlib.sha256((realdata / FILE).read_bytes()).hexdigest()
    (tmp_path / "pack.toml").write_text(MANIFEST.replace("@sum", checksum), encoding="utf-8")
    rows = read_rows(realdata)
    people = add_up(rows, "population")
    report = await load_pack(database, tmp_path, ignore_progress, Shelves(mirror=realdata))
    assert report.counts["areas"] == 323 + len(people)
    assert report.counts["lookup rows"] == 323
    assert sum(each.rejected for each in report.files) == 0
    async with open_client(database, settings) as client:
        for kind, expected in (
            ("hexagon", {row["id"]: float(row["population"]) for row in rows}),
            ("district", people),
        ):
            page = (await client.get("/api/v1/areas", params={"type": kind, "limit": 500})).json()
            assert {each["code"]: each["people"] for each in page["items"]} == expected
        for code, column in (("jobs", "jobs"), ("schools", "schools"), ("clinics", "healthcare")):
            assert await read_values(client, code, "district") == add_up(rows, column)
        clinics = add_up(rows, "healthcare")
        rates = await read_values(client, "clinics_per_1000", "district")
        assert rates == pytest.approx(
            {code: 1000 * clinics[code] / count for code, count in people.items()}
        )
        for row in rows[:20]:
            at = await client.get("/api/v1/areas/at", params={"lon": row["lon"], "lat": row["lat"]})
            (hexagon, district) = [each["code"] for each in at.json()]
            assert hexagon == row["id"]
            # Cells of H3 nest by number, not to the metre: the outline of a district leaves out
            # part of the hexagons at its edge, and some have their middle right on it.
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            assert outline_cell(district).distance(point) < 1e-6
        values = await client.get("/api/v1/indicators/jobs/values", params={"area_type": "hexagon"})
        assert sorted(values.json()["values"]) == sorted(float(row["jobs"]) for row in rows)
        home = await client.get("/")
        assert home.status_code == 200
        assert "São Paulo, centro" in home.text
