"""Tiles beside what serves the same: tipg, the statements in pgbench, and nginx with the bytes."""

import asyncio
import gzip
import os
import random
import subprocess
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import NamedTuple
from urllib.parse import quote

import asyncpg
import httpx

from app.assets.conditions import Statement, Wanted
from app.core.database import Database, DatabaseAddress
from app.geo.tile_grid import Tile, cover
from app.tiles.planning import read_plan
from app.tiles.queries import PLAN, select_area_tile, select_asset_tile
from benchmarks.load import Load, wait_until_ready, wait_until_silent
from benchmarks.raw import OPTIONS, run_pgbench
from benchmarks.service import run_service

TIPG = "tipg==1.6.1"
PEER_PORT, NGINX_PORT = 8978, 8979
REPLAY = 400
PAIRS, PAIR_SECONDS = 7, 4
LAYER = "lsoa-2021"
PEER_FOLDER = Path("var/bench/tipg")

PEER_TABLES = """
DROP TABLE IF EXISTS bench_areas, bench_assets;
CREATE TABLE bench_areas AS
SELECT a.gid, a.code, a.name, a.boundary AS geom{columns}
FROM areas AS a JOIN boundary_sets AS b ON b.id = a.boundary_set_id{joins}
WHERE b.area_type || '-' || b.boundary_year = '{layer}' AND a.in_study_area;
CREATE INDEX ON bench_areas USING gist (geom);
ALTER TABLE bench_areas ADD PRIMARY KEY (gid);
CREATE TABLE bench_assets AS
SELECT row_number() OVER () AS id, main_category_id AS category, location AS geom
FROM site_points WHERE category_id = 0 AND NOT is_area;
CREATE INDEX ON bench_assets USING gist (geom);
ALTER TABLE bench_assets ADD PRIMARY KEY (id);
ANALYZE bench_areas; ANALYZE bench_assets
"""
"""What a tile server is given to draw the same: areas with ten figures, and points."""

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
{user}
events {{ worker_connections 256; }}
http {{
    access_log off; sendfile on; tcp_nopush off; keepalive_requests 1000000;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            root {folder}/tiles; default_type application/vnd.mapbox-vector-tile;
            add_header Content-Encoding gzip; add_header Vary Accept-Encoding;
        }}
    }}
}}
"""


class Replay(NamedTuple):
    """What is asked for, in order: addresses of ours, of the peer's, and statements."""

    paths: list[str]
    peer_paths: list[str]
    statements: list[Statement]


async def write_replay(address: DatabaseAddress) -> Replay:
    """Return a walk of a visitor over zooms 6 to 14, areas and assets of every tile in view."""
    database = Database(address, pool_size=0)
    plan = read_plan(await database.public.fetch(PLAN))
    layer = plan.layers[LAYER]
    connection = await asyncpg.connect(address.for_libpq)
    spots = await connection.fetch(
        "SELECT ST_X(location) AS lon, ST_Y(location) AS lat FROM site_points"
        " WHERE category_id = 0 ORDER BY md5(site_id::text) LIMIT 500"
    )
    await connection.close()
    await database.close()
    chance = random.Random(11)  # noqa: S311 - a walk, no secret
    paths: list[str] = []
    peer: list[str] = []
    statements: list[Statement] = []
    zoom, spot = 9, spots[0]
    while len(paths) < REPLAY:
        step = chance.random()
        if step < 0.3:  # noqa: PLR2004 - a third of the steps go somewhere else
            spot = chance.choice(spots)
        zoom = max(6, min(14, zoom + chance.choice((-1, 0, 1, 1))))
        here = cover(zoom, (spot["lon"], spot["lat"], spot["lon"], spot["lat"]))[0]
        tile = Tile(zoom, here.west + chance.choice((0, 1)), here.north + chance.choice((0, 1)))
        place = f"{tile.zoom}/{tile.x}/{tile.y}"
        if f"/tiles/assets/{place}.mvt" in paths:
            continue  # asked for twice at once it would be made once, and flatter us
        paths += [f"/tiles/{LAYER}/{plan.version}/{place}.mvt", f"/tiles/assets/{place}.mvt"]
        peer += [
            f"/collections/public.bench_{each}/tiles/WebMercatorQuad/{place}"
            for each in ("areas", "assets")
        ]
        areas = select_area_tile(layer.choose_shown(zoom), layer.choose_named(zoom), tile)
        statements += [areas, select_asset_tile(Wanted(), tile)]
    return Replay(paths, peer, statements)


async def prepare_peer(address: DatabaseAddress) -> None:
    """Make the tables that the peer is given."""
    connection = await asyncpg.connect(address.for_libpq)
    series = await connection.fetch(
        "SELECT s.id FROM indicator_series AS s JOIN boundary_sets AS b ON b.id = s.boundary_set_id"
        " WHERE b.area_type || '-' || b.boundary_year = $1 ORDER BY s.id LIMIT 10",
        LAYER,
    )
    columns = "".join(f", v{n}.value AS figure_{n}" for n in range(len(series)))
    joins = "".join(
        f" LEFT JOIN indicator_values AS v{n} ON v{n}.series_id = {row['id']} AND v{n}.gid = a.gid"
        for n, row in enumerate(series)
    )
    await connection.execute(PEER_TABLES.format(layer=LAYER, columns=columns, joins=joins))
    await connection.close()


def install_peer(folder: Path) -> Path:
    """Return the Python of an environment with the peer in it, made if it is missing."""
    python = folder / "bin/python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        wanted = [TIPG, "uvicorn", "uvloop", "httptools"]
        command = [str(python), "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(command, check=True)  # noqa: S603
    return python


def write_peer_address(address: DatabaseAddress) -> str:
    """Return the address with its socket's folder as the host, as the peer takes it."""
    said = address.for_sqlalchemy
    folder = quote(str(said.query["host"]), safe="")
    return f"postgresql://{said.username}@{folder}:{said.query['port']}/{said.database}"


@contextmanager
def run_peer(address: DatabaseAddress, python: Path) -> Iterator[int]:
    """Run the peer with one process, and yield its port."""
    environment = os.environ | {
        "DATABASE_URL": write_peer_address(address), "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_CATALOG_TTL": "100000",
    }  # fmt: skip
    command = [
        str(python), "-m", "uvicorn", "tipg.main:app", "--port", str(PEER_PORT),
        "--log-level", "error", "--loop", "uvloop", "--http", "httptools", "--no-access-log",
    ]  # fmt: skip
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603
        try:
            asyncio.run(wait_until_ready(PEER_PORT))
            yield PEER_PORT
        finally:
            server.terminate()
    asyncio.run(wait_until_silent(PEER_PORT))


@contextmanager
def run_nginx(folder: Path, port: int, paths: list[str]) -> Iterator[int | None]:
    """Run nginx with the bytes that we answered, as files, and yield its port; None without it."""
    program = which("nginx")
    if program is None:
        yield None
        return
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for path in dict.fromkeys(paths):
            body = client.get(path).content
            file = folder / "tiles" / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(gzip.compress(body, 1, mtime=0) if body else b"")
    user = "user root;" if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=NGINX_PORT, user=user))
    with subprocess.Popen([program, "-c", str(settings)]) as server:  # noqa: S603
        try:
            asyncio.run(wait_until_ready(NGINX_PORT))
            yield NGINX_PORT
        finally:
            server.terminate()


WRK = """
local paths, turn = {{}}, 0
for line in io.lines("{file}") do paths[#paths + 1] = line end
function request()
    turn = turn + 1
    return wrk.format("GET", paths[turn % #paths + 1], {{["Accept-Encoding"] = "gzip"}})
end
function done(summary, latency, requests)
    io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(95), summary.bytes,
        summary.errors.connect + summary.errors.read + summary.errors.timeout
        + summary.errors.status))
end
"""


def put_hard_load(port: int, paths: list[str], folder: Path, seconds: float) -> Load:
    """Ask as fast as eight connections can, with wrk: a client in C leaves the cores to servers.

    Raises:
        RuntimeError: wrk is not there, or an answer was no answer.
    """
    program = which("wrk")
    if program is None:
        raise RuntimeError("wrk is not installed. On Debian or Ubuntu: sudo apt-get install wrk")
    listed, script = folder / "paths.txt", folder / "replay.lua"
    listed.write_text("\n".join(paths) + "\n")
    script.write_text(WRK.format(file=listed))
    command = [
        program, "-t1", "-c8", f"-d{int(seconds)}s", "-s", str(script), f"http://127.0.0.1:{port}",
    ]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    result = next(line for line in said.splitlines() if line.startswith("RESULT"))
    count, took_us, median_us, p95_us, size, errors = map(int, result.split()[1:])
    if errors:
        raise RuntimeError(f"{errors} answers were errors")
    return Load(count * 1e6 / took_us, median_us / 1000, p95_us / 1000, size / count)


def write_script(statements: list[Statement]) -> str:
    """Return a pgbench script that runs one of the statements, chosen by chance."""
    lines = [f"\\set each random(1, {len(statements)})"]
    for number, (text, values) in enumerate(statements, 1):
        filled = " ".join(text.split())
        for place in range(len(values), 0, -1):
            filled = filled.replace(f"${place}::", f"{values[place - 1]}::")
        lines += [f"\\{'if' if number == 1 else 'elif'} :each = {number}", f"{filled};"]
    return "\n".join([*lines, "\\endif", ""])


def measure_tiles(address: DatabaseAddress, folder: Path, seconds: float) -> None:
    """Measure tiles not kept and kept, and print them beside their peers."""
    replay = asyncio.run(write_replay(address))
    asyncio.run(prepare_peer(address))
    raw = run_pgbench(address, folder, write_script(replay.statements), OPTIONS, seconds)
    with run_service(address, folder / "var", TILE_CACHE_MB="0") as port:
        put_hard_load(port, replay.paths, folder, 2)
        cold = put_hard_load(port, replay.paths, folder, seconds)
    with run_peer(address, install_peer(PEER_FOLDER)) as port:
        put_hard_load(port, replay.peer_paths, folder, 2)
        peer = put_hard_load(port, replay.peer_paths, folder, seconds)
    print(
        f"Tiles made: {_say(cold)}; {raw:.0f}/s in pgbench: {cold.per_second / raw:.0%}; "
        f"{TIPG.replace('==', ' ')} {_say(peer)}: {cold.per_second / peer.per_second:.1f} times"
    )
    with (
        run_service(address, folder / "var") as port,
        run_nginx(folder, port, replay.paths) as nginx_port,
    ):
        if nginx_port is None:
            print(f"Tiles kept: {_say(put_hard_load(port, replay.paths, folder, seconds))}")
            return
        pairs = [
            (
                put_hard_load(port, replay.paths, folder, PAIR_SECONDS),
                put_hard_load(nginx_port, replay.paths, folder, PAIR_SECONDS),
            )
            for _ in range(PAIRS + 1)
        ][1:]
    print(describe_pairs(pairs))


def describe_pairs(pairs: Sequence[tuple[Load, Load]]) -> str:
    """Return how tiles that are kept compare with files: the pair in the middle, and the others.

    A machine that others share is a third faster or slower from one minute to the next; what was
    measured one right after the other can still be compared.
    """
    by_ratio = sorted(pairs, key=lambda pair: pair[0].per_second / pair[1].per_second)
    kept, files = by_ratio[len(by_ratio) // 2]
    ratios = [f"{ours.per_second / theirs.per_second:.0%}" for ours, theirs in by_ratio]
    return (
        f"Tiles kept: {_say(kept)}; nginx with the same bytes {_say(files)}: "
        f"{kept.per_second / files.per_second:.0%} (all pairs: {', '.join(ratios)})"
    )


def _say(load: Load) -> str:
    return (
        f"{load.per_second:.0f}/s, median {load.median_ms:.1f} ms, 95 % within "
        f"{load.p95_ms:.1f} ms, {load.mean_bytes / 1000:.1f} kB each"
    )
