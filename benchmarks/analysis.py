"""Gap analysis beside PySAL's `access`, and as analysts ask for it by HTTP."""

import asyncio
import json
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import asyncpg
import numpy as np

from app.analysis.ground import find_boundary_set, read_areas, read_edge, read_tokens
from app.core.database import Database, DatabaseAddress
from app.geo.crs import move_points, parse_projected_crs
from benchmarks.load import put_load
from benchmarks.service import run_service

RUNS = 3
ANALYSTS = 10
THINKING_S = 2.0
"""Between two questions of an analyst who looks at each answer, in the middle."""

AREA_TYPE = "lsoa"

SITES = """
SELECT ST_X(location) AS lon, ST_Y(location) AS lat FROM site_points
WHERE category_id = 0 AND NOT is_area ORDER BY site_id
"""

TRIALS, PINS = 2000, 10
"""What-if questions, each another one, and new sites in each."""

SPOTS = """
SELECT ST_X(location) AS lon, ST_Y(location) AS lat FROM site_points
WHERE category_id = 0 AND NOT is_area ORDER BY md5(site_id::text) LIMIT 1000
"""

MIDDLING = """
SELECT c.code, count(*) AS sites FROM public_asset_categories AS k
JOIN category_closure AS n ON n.narrower_id = k.category_id
JOIN categories AS c ON c.id = n.broader_id
GROUP BY c.code ORDER BY abs(count(*) - 2000), c.code LIMIT 1
"""
"""The category that has about two thousand."""


class Run(NamedTuple):
    """One run in a process of its own: seconds, and the most memory it took."""

    cold_s: float
    again_s: float | None
    peak_mb: float


async def write_ground(address: DatabaseAddress, file: Path) -> tuple[int, int]:
    """Write areas, people and sites in projected metres; return how many areas and sites."""
    database = Database(address, pool_size=0)
    async with database.public.look() as reader:
        crs = (await read_tokens(reader)).projected_crs
        found = await find_boundary_set(reader, AREA_TYPE, None)
        edge = await read_edge(reader, found, crs)
        areas = await read_areas(reader, found, (None, None), crs, edge)
    await database.close()
    connection = await asyncpg.connect(address.for_libpq)
    rows = await connection.fetch(SITES)
    await connection.close()
    degrees = np.array([(row["lon"], row["lat"]) for row in rows], dtype=np.float64)
    sites = move_points(degrees, parse_projected_crs(crs))
    np.savez(file, areas=areas.places, people=areas.people, sites=sites)
    return len(areas.codes), len(sites)


def run_once(who: str, ground: Path, answer: Path) -> Run:
    """Solve in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.catchments", who, str(ground), str(answer)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    return Run(**json.loads(said))


def measure_catchments(address: DatabaseAddress, folder: Path) -> None:
    """Print E2SFCA of every neighbourhood and every site, ours and the peer's in turn."""
    ground = folder / "ground.npz"
    areas, sites = asyncio.run(write_ground(address, ground))
    runs: dict[str, list[Run]] = {"ours": [], "peer": []}
    for _ in range(RUNS):
        for who, each in runs.items():
            each.append(run_once(who, ground, folder / f"{who}.npy"))
    ours, peer = ((_find_median(each)) for each in runs.values())
    apart = np.abs(np.load(folder / "ours.npy") - np.load(folder / "peer.npy")).max()
    print(
        f"E2SFCA, {areas:,} areas x {sites:,} sites: {ours.cold_s:.2f} s and {ours.peak_mb:.0f} MB "
        f"from nothing, `access` {peer.cold_s:.2f} s and {peer.peak_mb:.0f} MB: "
        f"{peer.cold_s / ours.cold_s:.1f} times as fast; largest difference {apart:.1e}"
    )
    if ours.again_s:
        print(
            f"... with the weights kept: {1000 * ours.again_s:.1f} ms, "
            f"{peer.cold_s / ours.again_s:.0f} times as fast"
        )


def measure_questions(address: DatabaseAddress, folder: Path, seconds: float) -> None:
    """Print how the API answers one and ten analysts: the same question, and what-if questions."""
    category, sites = asyncio.run(_find_middling(address))
    asked = {"category": category, "area_type": AREA_TYPE}
    same = [json.dumps(asked).encode()]
    trials = asyncio.run(_write_trials(address, asked))
    with run_service(address, folder / "var") as port:
        asyncio.run(put_load(port, ["/api/v1/analyses"], 1, 2.0, same))
        third = len(trials) // 3  # no question is put twice
        trying = f"what if of {PINS} new sites"
        rounds = (
            ("the same again", 1, 0.0, same), ("the same again", ANALYSTS, 0.0, same),
            (trying, 1, 0.0, trials[:third]), (trying, ANALYSTS, 0.0, trials[third : 2 * third]),
            (trying, ANALYSTS, THINKING_S, trials[2 * third :]),
        )  # fmt: skip
        for name, analysts, thinking_s, bodies in rounds:
            path = ["/api/v1/analyses"] * analysts
            long = seconds * 3 if thinking_s else seconds
            load = asyncio.run(put_load(port, path, analysts, long, bodies, thinking_s))
            pausing = f", each pausing {thinking_s:g} s" if thinking_s else " without a pause"
            print(
                f"An analysis of {category} ({sites:,} assets), {name}, {analysts} at once"
                f"{pausing}: median {load.median_ms:.0f} ms, 95 % within {load.p95_ms:.0f} ms, "
                f"{load.per_second:.0f}/s"
            )


async def _write_trials(address: DatabaseAddress, asked: dict[str, str]) -> list[bytes]:
    """Return questions that were not asked before: each tries other new sites."""
    connection = await asyncpg.connect(address.for_libpq)
    rows = await connection.fetch(SPOTS)
    await connection.close()
    spots = [{"change": "add", "lon": row["lon"], "lat": row["lat"]} for row in rows]
    chance = random.Random(6)  # noqa: S311 - a choice of places, no secret
    return [
        json.dumps({**asked, "changes": chance.sample(spots, PINS)}).encode() for _ in range(TRIALS)
    ]


async def _find_middling(address: DatabaseAddress) -> tuple[str, int]:
    connection = await asyncpg.connect(address.for_libpq)
    row = await connection.fetchrow(MIDDLING)
    await connection.close()
    if row is None:
        raise RuntimeError("There are no assets to analyse.")
    return row["code"], row["sites"]


def _find_median(runs: list[Run]) -> Run:
    again = [run.again_s for run in runs if run.again_s is not None]
    return Run(
        statistics.median(run.cold_s for run in runs),
        statistics.median(again) if again else None,
        statistics.median(run.peak_mb for run in runs),
    )
