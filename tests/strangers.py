"""Asks everything that a stranger can ask, and keeps the answers to compare.

What there is to ask is read from the OpenAPI document and the list of routers, so that a new
endpoint or parameter is caught: whoever adds one says in the tables here how to fill it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.api import ROUTERS
from app.geo.tile_grid import cover
from tests.strangers_of_analyses import list_analyses, list_of_analyses
from tests.strangers_of_changes import UNSAFE
from tests.strangers_of_feeds import ask_feeds
from tests.strangers_of_gaps import ask_gaps, list_of_gaps
from tests.strangers_of_keeping import list_of_keeping
from tests.strangers_of_layers import list_of_layers
from tests.strangers_of_reading import list_of_reading

UNKNOWN = str(uuid5(NAMESPACE_URL, "nothing has this id"))
TOLD_APART = frozenset({"date", "set-cookie"})
"""Headers that differ from one answer to the next for everybody."""
_TOKEN = re.compile(rb'(name="csrf_token" value=")[^"]*')
_PAGES = 4


@dataclass(frozen=True)
class World:
    """What a stranger who suspects something would ask about.

    Attributes:
        district: Code of the publishing area where everything is.
        authority: Code of the authority around it.
        points: Longitudes and latitudes of secret places.
        words: Secret names, addresses, telephone numbers.
        postcodes: Secret ones.
        assets: Public ids of assets, those that must not be known among them.
        organisations: Likewise.
        categories: Codes in use.
    """

    district: str
    authority: str
    points: Sequence[tuple[float, float]]
    words: Sequence[str]
    postcodes: Sequence[str]
    assets: Sequence[str]
    organisations: Sequence[str]
    categories: Sequence[str] = ("library",)


class Question(NamedTuple):
    """One request."""

    method: str
    address: str
    document: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.address} {self.document or ''}".strip()


@dataclass(frozen=True)
class Answer:
    """What came back, but for what differs for everybody."""

    status: int
    headers: Mapping[str, str] = field(hash=False)
    body: bytes


Answers = dict[str, Answer]


def list_values(world: World) -> dict[str, list[str]]:
    """Return what to send for each parameter: `segment.name` first, then `name` for any path.

    Add a line here for a new parameter. Give values that a stranger would try who wants to know
    about the things in `world`.
    """
    asset_ids, organisation_ids = [*world.assets, UNKNOWN], [*world.organisations, UNKNOWN]
    near = [f"{lon},{lat}" for lon, lat in world.points]
    words = [*world.words, *world.postcodes]
    areas = [f"msoa:{world.district}", f"authority:{world.authority}"]
    return {
        **list_of_layers(world.district, world.authority),
        **list_of_gaps(world.district, asset_ids, near),
        **list_of_maps(world),
        "areas.area_type": ["msoa", "authority"],
        "areas.code": [world.district, world.authority],
        "areas.type": ["msoa"],
        "areas.within": [f"authority:{world.authority}"],
        "area_type": ["msoa"],
        "boundary_year": ["2021"],
        "q": ["h", *words],
        "cursor": ["WA"],
        "limit": ["1", "2"],
        "lon": [str(lon) for lon, _ in world.points],
        "lat": [str(lat) for _, lat in world.points],
        "categories.code": list(world.categories),
        "indicators.code": ["imd-score"],
        "topic": ["health"],
        "format": ["json", "csv"],
        "job_id": ["1", "2", "3"],
        "postcode": list(world.postcodes),
        "asset": asset_ids,
        "organisation": organisation_ids,
        "record": [*asset_ids, *organisation_ids],
        "organisations.kind": ["charity", "informal group", "not stated"],
        "social_enterprise": ["yes", "no"],
        "area": areas,
        "identifier": ["GB-CHC:999001"],
        "near": near,
        "radius_m": ["5"],
        "bbox": [_box(point, 0.0001) for point in world.points],
        "category": list(world.categories),
        "open_at": ["2026-11-24T12:00:00"],
        "assets.kind": ["place", "activity", "service"],
        "cost": ["free", "not stated"],
        "step_free": ["yes", "not stated"],
        "accessible_toilet": ["yes"],
        "hearing_loop": ["yes"],
        "parking": ["yes"],
        "term_time": ["yes"],
        "language": ["cy"],
        "sort": ["name", "distance", "relevance"],
        **list_of_analyses(UNKNOWN),
        **list_of_keeping([*asset_ids, *organisation_ids]),
    }


def list_of_maps(world: World) -> dict[str, list[str]]:
    """Return what to send for parameters of maps, figures and drafts, as `list_values`."""
    tiles = list_tiles(world)
    return {
        "period": ["2019"],
        "sex": [""],
        "age": ["30"],
        "draft": [*world.assets, UNKNOWN],
        "slug": ["kind", "place", "check"],
        "tiles.layer": ["msoa-2021"],
        "tiles.version": ["x"],
        "z": [str(zoom) for zoom, _, _ in tiles],
        "x": [str(x) for _, x, _ in tiles],
        "y": [str(y) for _, _, y in tiles],
        "from_gid": ["1"],
        "open_on": ["2026-11-24"],
        "map_number": [str(int(each.replace("-", "")[-13:], 16)) for each in world.assets],
        "tiles.kind": ["place", "activity", "service"],
    }


def list_tiles(world: World) -> list[tuple[int, int, int]]:
    """Return zoom, column and row of the tiles that secret places are in."""
    found = {
        (zoom, across.west, across.north)
        for zoom in (5, 11, 12, 14)
        for lon, lat in world.points
        for across in cover(zoom, (lon, lat, lon, lat))
    }
    return sorted(found)


def list_together(world: World) -> dict[str, list[dict[str, str]]]:
    """Return parameters that mean most together, by path."""
    area = f"msoa:{world.district}"
    authority = f"authority:{world.authority}"
    points = [f"{lon},{lat}" for lon, lat in world.points]
    return {
        "/api/v1/assets": [
            *({"near": point, "radius_m": "2"} for point in points),
            *({"near": point, "radius_m": "40000", "limit": "50"} for point in points),
            *({"near": p, "radius_m": "9000", "category": world.categories[0]} for p in points),
            *({"near": points[0], "q": word} for word in world.words),
            *({"area": authority, "q": word} for word in world.words),
            *({"bbox": _box(point, 0.02), "sort": "name"} for point in world.points),
            {"area": area, "category": world.categories[0]},
            {"area": authority, "limit": "50"},
        ],
        "/api/v1/organisations": [
            *({"area": authority, "q": word} for word in world.words),
            *({"area": area, "relation": relation} for relation in ("works_in", "registered_in")),
        ],
        **ask_feeds(world.points, world.words, area, authority, world.categories),
        **ask_gaps(world.categories, world.assets),
        "/layers": [
            {"area_type": kind, "category": word, "organisations": relation, "q": world.district}
            for kind in ("lsoa", "msoa", "authority")
            for word in ("all", *world.categories)
            for relation in ("works_in", "registered_in")
        ],
        "/api/v1/organisations/counts": [
            {"area_type": kind, "relation": relation, "kind": "charity"}
            for kind in ("lsoa", "msoa", "authority")
            for relation in ("works_in", "registered_in")
        ],
    }


def list_questions(app: FastAPI, world: World) -> list[Question]:
    """Return everything that there is to ask.

    Raises:
        AssertionError: There is an operation or parameter that the tables above do not know.
    """
    questions: list[Question] = [Question("GET", "/openapi.json")]
    values = {**list_values(world), **list_of_reading(world.words)}
    together = list_together(world)
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            said = operation.get("parameters", [])
            if method == "get":
                questions += _ask(path, _sort_out(path, said, values), together.get(path, []))
            else:
                questions += _change(method.upper(), path, values)
    for router, prefix in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and not route.include_in_schema:
                questions += _ask_page(prefix, route, values, together)
    questions += _refer(world)
    questions += [
        Question("POST", "/api/v1/analyses", asked)
        for asked in list_analyses(world.categories, world.points, world.assets)
    ]
    return list({str(each): each for each in questions}.values())


class _Parameters(NamedTuple):
    """What to send, by name: in the path, always, and if one likes."""

    path: dict[str, list[str]]
    required: dict[str, list[str]]
    optional: dict[str, list[str]]


def _sort_out(
    path: str, said: Sequence[Mapping[str, Any]], values: Mapping[str, list[str]]
) -> _Parameters:
    sorted_out = _Parameters({}, {}, {})
    for each in said:
        if each["in"] in {"header", "cookie"}:
            continue
        kind = sorted_out.optional
        if each["in"] == "path":
            kind = sorted_out.path
        elif each.get("required"):
            kind = sorted_out.required
        kind[each["name"]] = _find_values(path, each["name"], values)
    return sorted_out


def _find_values(path: str, name: str, values: Mapping[str, list[str]]) -> list[str]:
    segment = path.removeprefix("/api/v1/").strip("/").split("/")[0]
    found = values.get(f"{segment}.{name}", values.get(name))
    assert found, (
        f"{path} has the parameter {name!r}, and tests/strangers.py does not know what a stranger "
        f"would send. Add {segment}.{name} to list_values, with values that ask about the secret "
        "things, so that the privacy test covers it."
    )
    return found


def _ask(
    path: str, given: _Parameters, together: Sequence[Mapping[str, str]]
) -> Iterator[Question]:
    """Yield each path with each required value, then each optional value by itself."""
    for place in _go_through(given.path):
        filled = path.format(**place)
        for needed in _go_through(given.required):
            yield Question("GET", _write(filled, needed))
        first = next(_go_through(given.required))
        for name, options in given.optional.items():
            for option in options:
                yield Question("GET", _write(filled, {**first, name: option}))
        for several in together:
            yield Question("GET", _write(filled, several))


def _go_through(options: Mapping[str, list[str]]) -> Iterator[dict[str, str]]:
    """Yield the first values together, then the second ones, the shorter lists over again."""
    for index in range(max((len(each) for each in options.values()), default=1)):
        yield {name: each[index % len(each)] for name, each in options.items()}


def _write(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _ask_page(
    prefix: str,
    route: APIRoute,
    values: Mapping[str, list[str]],
    together: Mapping[str, list[dict[str, str]]],
) -> Iterator[Question]:
    if "GET" not in (route.methods or ()):
        return
    path = prefix + route.path
    said: list[dict[str, Any]] = [
        {"name": each.alias, "in": "path"} for each in route.dependant.path_params
    ]
    for each in route.dependant.query_params:
        kind = each.field_info.annotation
        names = [each.alias]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names = list(kind.model_fields)
        said += [{"name": name, "in": "query"} for name in names]
    yield from _ask(path, _sort_out(path, said, values), together.get(path, []))


def _change(method: str, path: str, values: Mapping[str, list[str]]) -> Iterator[Question]:
    operation = f"{method} {path}"
    assert operation in UNSAFE, (
        f"{operation} is new, and tests/strangers.py does not know what a stranger would send. "
        "Add it to UNSAFE."
    )
    if UNSAFE[operation] is not None:
        names = re.findall(r"{(\w+)}", path)
        for given in product(*(_find_values(path, name, values) for name in names)):
            filled = path.format(**dict(zip(names, given, strict=True)))
            yield Question(method, filled, UNSAFE[operation])


def _refer(world: World) -> Iterator[Question]:
    """Yield new assets that name what the sender may not know of; all must be refused alike."""
    said = {"kind": "activity", "name": "Mine", "categories": [world.categories[0]]}
    for each in [*world.organisations, UNKNOWN]:
        site = {"mode": "place", "place": UNKNOWN}
        yield Question("POST", "/api/v1/assets", {**said, "organisation": each, "sites": [site]})
    for each in [*world.assets, UNKNOWN]:
        site = {"mode": "place", "place": each}
        refused = {**said, "organisation": UNKNOWN, "sites": [site]}
        yield Question("POST", "/api/v1/assets", refused)


def _box(point: tuple[float, float], half: float) -> str:
    lon, lat = point
    return f"{lon - half:.6f},{lat - half:.6f},{lon + half:.6f},{lat + half:.6f}"


async def ask_everything(
    client: httpx.AsyncClient, app: FastAPI, world: World, beneath: str = "/"
) -> Answers:
    """Ask as a stranger, of addresses that begin with `beneath`, further and lasting ones too."""
    answers: Answers = {}
    for question in list_questions(app, world):
        if not question.address.startswith(beneath):
            continue
        asked, pages = question, 0
        while True:
            answers[str(asked)], following = await _send(client, asked)
            pages += 1
            if following is None or pages == _PAGES:
                break
            asked = Question("GET", following)
    return answers


async def _send(client: httpx.AsyncClient, question: Question) -> tuple[Answer, str | None]:
    is_api = question.address.startswith("/api/")
    headers = {
        "x-request-id": "stranger",
        "accept": "application/json" if is_api else "text/html",
        "accept-encoding": "identity",
        "if-match": '"1"',
    }
    if question.method == "GET":
        headers.pop("if-match")
    client.cookies.clear()
    got = await client.request(
        question.method, question.address, json=question.document, headers=headers
    )
    assert got.status_code < 500, f"{question}: {got.text}"
    kept = {name: value for name, value in got.headers.items() if name not in TOLD_APART}
    answer = Answer(got.status_code, kept, _TOKEN.sub(rb"\1", got.content))
    return answer, _find_next(got)


def _find_next(got: httpx.Response) -> str | None:
    if got.status_code == httpx.codes.MOVED_PERMANENTLY:
        return str(got.headers["location"])
    if got.request.method != "GET" or "json" not in got.headers.get("content-type", ""):
        return None
    said = got.json()
    links = said.get("links", []) if isinstance(said, dict) else []
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "next":
            return str(link["href"])
    return None
