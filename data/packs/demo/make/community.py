"""Organisations, assets and sites: who there is, what they offer and where."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeVar

import numpy as np
import shapely
from shapely import LineString

from data.packs.demo.make import spec, words
from data.packs.demo.make.leaf import Leaf
from data.packs.demo.make.leaves_groups import GROUPS
from data.packs.demo.make.leaves_help import HELP
from data.packs.demo.make.leaves_places import PLACES
from data.packs.demo.make.noise import Floats
from data.packs.demo.make.place import point_to_degrees
from data.packs.demo.make.postcodes import front_door
from data.packs.demo.make.streets import Way
from data.packs.demo.make.town import Town, dice
from data.packs.demo.make.write import Cell

Record = dict[str, Cell]
Option = TypeVar("Option")
LEAVES: Final = (*PLACES, *HELP, *GROUPS)
HOSTS: Final = ("hall", "library", "community-cafe", "gym-pool")
OUTDOORS: Final = ("park", "community-garden")
TODAY: Final = date.fromisoformat(spec.VINTAGE)
FEATURES: Final = ("step_free", "accessible_toilet", "hearing_loop", "parking")


@dataclass
class Community:
    """The records so far, and what is needed to make more.

    Attributes:
        town: The town they live in.
        rng: The dice for it.
        organisations: Rows of organisations.csv.
        assets: Rows of assets.csv.
        sites: Rows of sites.csv.
        names: Every name given out.
    """

    town: Town
    ways: list[Way]
    postcodes: list[tuple[str, float, float, str]]
    rng: np.random.Generator = field(default_factory=lambda: dice(50))
    organisations: list[Record] = field(default_factory=list)
    assets: list[Record] = field(default_factory=list)
    sites: list[Record] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    spots: dict[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._named = [way for way in self.ways if way.name and way.kind == "street"]
        self._tree = shapely.STRtree([LineString(way.course) for way in self._named])
        self._doors: Floats = np.array([[lon, lat] for _, lon, lat, _ in self.postcodes])
        blocks = self.town.blocks.shapes
        self._points = np.array([[s.centroid.x, s.centroid.y] for s in blocks]).round(1)
        level = self.town.geography.levels["lsoa", 2021]
        self._need = self.town.need[2021][level.blocks]
        self._district = self.town.geography.levels["msoa", 2021]

    def pick(self, options: tuple[Option, ...]) -> Option:
        """One of some options, evenly."""
        return options[int(self.rng.integers(len(options)))]

    def spot(self, lean: str) -> tuple[float, float, int]:
        """A front door and its block, drawn by where such things stand."""
        people = self.town.people.new
        away = np.hypot(*(self._points - np.array(spec.CROSS)).T)
        factor = {
            "old town": np.exp(-away / 450) + 0.01,
            "away from need": np.exp(-1.1 * self._need - away / 4200),
            "toward need": np.exp(0.8 * self._need),
            "centre": np.exp(-0.6 * self._need - away / 1500),
            "even": np.exp(-away / 4200),
        }[lean]
        weights = people * np.round(factor, 9)
        while True:
            block = int(self.rng.choice(len(people), p=weights / weights.sum()))
            door = front_door(self.rng, self.town.blocks.shapes[block])
            if door:
                return (*door, block)

    def district_of(self, block: int) -> int:
        """Number of the district of a block."""
        return int(self._district.blocks[block])

    def district_name(self, block: int) -> str:
        """Short name of the district of a block."""
        return self._district.names[self.district_of(block)].split(" and ")[0]

    def street_at(self, x: float, y: float) -> str:
        """Name of the nearest named street."""
        return self._named[int(self._tree.nearest(shapely.Point(x, y)))].name

    def postcode_at(self, x: float, y: float) -> str:
        """The postcode whose point is nearest, spelt as people spell it."""
        lon, lat = point_to_degrees(x, y)
        apart = ((self._doors - np.array([lon, lat])) * np.array([0.59, 1.0])) ** 2
        text = self.postcodes[int(np.argmin(apart.sum(axis=1).round(12)))][0].upper()
        return text if " " in text else f"{text[:-3]} {text[-3:]}"

    def address_at(self, x: float, y: float) -> Record:
        """Address, postcode, longitude and latitude of a front door."""
        lon, lat = point_to_degrees(x, y)
        number = int(self.rng.integers(1, 140))
        return {
            "address": f"{number} {self.street_at(x, y)}",
            "postcode": self.postcode_at(x, y),
            "lon": f"{lon:.6f}",
            "lat": f"{lat:.6f}",
        }

    def name(self, patterns: tuple[str, ...], x: float, y: float, block: int) -> str:
        """A name that nothing else carries."""
        area, street = self.district_name(block), self.street_at(x, y)
        for attempt in range(60):
            pattern = self.pick(patterns)
            if attempt > 20 and "{" not in pattern:
                pattern += ", {street}"
            elif attempt > 35:
                pattern += " ({street})"
            found = pattern.format(area=area, street=street, saint=self.pick(words.SAINTS))
            if found not in self.names and found.count(street) < 2:
                self.names.add(found)
                return found
        raise RuntimeError(f"no name left for {patterns[0]}")

    def days_ago(self, least: int, most: int) -> date:
        """A date before the vintage."""
        return TODAY - timedelta(days=int(self.rng.integers(least, most)))


def phone(number: int) -> str:
    """A number from the ranges that the regulator keeps for drama."""
    return f"07700 900{number % 1000:03d}" if number % 4 == 0 else f"01632 960{number % 1000:03d}"


def _pounds(words: str) -> str | None:
    """The first sum of money in some words, in pounds."""
    found = re.search(r"£(\d+(?:\.\d+)?)", words)
    return f"{float(found[1]):.2f}" if found else None


def slug(text: str) -> str:
    """A name as it stands in an address: lower case, hyphens."""
    letters = "".join(c if c.isalnum() else "-" for c in text.lower().replace("'", ""))
    return "-".join(part for part in letters.split("-") if part)


def settle_community(
    town: Town, ways: list[Way], postcodes: list[tuple[str, float, float, str]]
) -> Community:
    """Makes all ordinary organisations, assets and sites."""
    community = Community(town, ways, postcodes)
    for body in words.PUBLIC_BODIES:
        add_organisation(community, body, "public body", community.spot("old town"))
    for leaf in LEAVES:
        for _ in range(leaf.count):
            _add(community, leaf)
    return community


def add_organisation(
    community: Community, name: str, form: str, at: tuple[float, float, int]
) -> str:
    """Adds an organisation registered near a point; its id."""
    key = f"org-{len(community.organisations) + 1:04d}"
    rng, group = community.rng, form == "informal group"
    number = len(community.organisations)
    site = f"https://{slug(name)[:40].strip('-')}.example.org"
    formal = form not in ("informal group", "public body", "business")
    record: Record = {
        "organisation_id": key,
        "name": name,
        "legal_form": form,
        "identifier": f"XX-DEMO-{10_000 + 7 * number}" if not group else None,
        "social_enterprise_reason": "legal form" if form in SOCIAL else None,
        "description": community.pick(words.MISSIONS) if form != "public body" else PUBLIC,
        "founded": int(rng.integers(1890 if formal else 1985, 2025)),
        "registered_role": "registered" if not group else "correspondence",
        "registered_visibility": "public" if form in ("public body", "business") else "area only",
        "works_in": None,
        "phone": phone(200 + 3 * number),
        "phone_visibility": "hidden" if group else "public",
        "email": f"hello.{slug(name)[:34].strip('-')}@example.org",
        "email_visibility": "public",
        "url": site if rng.random() < 0.6 else None,
        "visibility": "public",
        "source": "invented",
        "source_id": f"HAD-O-{number + 1:04d}",
        "licence": spec.LICENCE,
        "confirmed_on": community.days_ago(5, 330).isoformat(),
        "note": None,
    }
    address = community.address_at(at[0], at[1])
    record |= {f"registered_{part}": value for part, value in address.items()}
    community.organisations.append(record)
    return key


SOCIAL: Final = ("CIC", "co-operative", "community benefit society", "community land trust")
PUBLIC: Final = "A public body of the invented estuary."


def _add(community: Community, leaf: Leaf) -> None:
    x, y, block = community.spot(leaf.lean)
    host = _host(community, leaf, x, y) if leaf.host == "place" else None
    if host:
        x, y = community.spots[host]
    name = community.name(leaf.names, x, y, block)
    asset = add_asset(community, leaf, name, _run_by(community, leaf, name, (x, y, block)))
    site = add_site(community, leaf, asset)
    if leaf.host == "served":
        site |= served(community, block)
    elif host:
        site |= {"mode": "place", "place_asset_id": host}
    else:
        site |= {"mode": "address", **community.address_at(x, y)}
        community.spots[str(asset["asset_id"])] = (x, y)


def served(community: Community, block: int) -> Record:
    """A site without an address: the district of a block and perhaps one next to it."""
    level = community.town.geography.levels["msoa", 2021]
    own = community.district_of(block)
    near = [i for i, shape in enumerate(level.shapes) if shape.touches(level.shapes[own])]
    also = [near[int(community.rng.integers(len(near)))]] if near else []
    codes = sorted(level.codes[i] for i in [own, *also])
    return {
        "mode": "served areas",
        "served_area_type": "msoa",
        "served_boundary_year": 2021,
        "served_areas": ";".join(codes),
    }


def _host(community: Community, leaf: Leaf, x: float, y: float) -> str | None:
    """The place nearest to a spot where such a thing might meet, with some luck in it."""
    kinds = OUTDOORS if leaf.id in ("walking", "green-action") else HOSTS
    places = [
        str(asset["asset_id"])
        for asset in community.assets
        if asset["kind"] == "place" and str(asset["category_ids"]).split(";")[0] in kinds
    ]
    spots = np.array([community.spots[key] for key in places])
    apart = np.hypot(spots[:, 0] - x, spots[:, 1] - y) * community.rng.uniform(0.7, 1.5, len(spots))
    nearest = int(np.argmin(apart.round(1)))
    reach = 300 if leaf.lean == "toward need" else 900
    return places[nearest] if apart[nearest] < reach else None


def _run_by(
    community: Community, leaf: Leaf, name: str, at: tuple[float, float, int]
) -> str | None:
    """The organisation behind an asset: an existing one now and then, else a new one."""
    form = community.pick(leaf.forms)
    if form == "none":
        return None
    same = [
        str(record["organisation_id"])
        for record in community.organisations
        if record["legal_form"] == form
    ]
    if form == "public body" or (same and form == "charity" and community.rng.random() < 0.32):
        return community.pick(tuple(same))
    full = _organisation_name(community, form, name)
    home = community.spot("even") if form == "informal group" else at
    return add_organisation(community, full, form, home)


def _organisation_name(community: Community, form: str, name: str) -> str:
    """A group goes by what it does; a body with a register entry chose a name once."""
    if form in ("informal group", "business"):
        ending = "" if "," in name or " at " in name else community.pick(words.ENDINGS[form])
        return name + ending
    for _ in range(200):
        full = community.pick(words.EVOCATIVE) + community.pick(words.ENDINGS[form])
        if full not in community.names:
            community.names.add(full)
            return full
    raise RuntimeError(f"no name left for a {form}")


def add_asset(community: Community, leaf: Leaf, name: str, organisation: str | None) -> Record:
    """Adds an asset of a category with everything that is usually known of one."""
    rng = community.rng
    low, high = community.pick(leaf.ages)
    cost = community.pick(leaf.costs)
    extra = community.pick((*leaf.extras, ""))
    known = community.days_ago(4, 420)
    social = leaf.kind in ("activity", "service")
    lasts = timedelta(days=120 if rng.random() < 0.12 else 1095)
    more = [category for category in leaf.more if rng.random() < 0.3]
    number = len(community.assets) + 1
    record: Record = {
        "asset_id": f"asset-{number:04d}",
        "kind": leaf.kind,
        "name": name,
        "name_translations": None,
        "description": f"{community.pick(leaf.lines)} {extra}".strip(),
        "organisation_id": organisation,
        "category_ids": ";".join([leaf.id, *more]),
        "min_age": low,
        "max_age": high,
        "eligibility": community.pick(words.WHO) if social and rng.random() < 0.35 else None,
        "cost": "free" if cost.startswith("free") else "not stated" if "not st" in cost else "paid",
        "cost_amount": _pounds(cost),
        "cost_words": None if cost in ("free", "not stated") else cost,
        "languages": ";".join(["en", community.pick(words.LANGUAGES)])
        if rng.random() < 0.14
        else "en",
        "how_to_join": community.pick(words.JOINING) if social and rng.random() < 0.8 else None,
        "term_time_only": "yes" if "term" in cost else "not stated",
        "alert": None,
        "visibility": "public",
        "findable": "yes",
        "status": "published",
        "source": "invented",
        "source_id": f"HAD-A-{number:04d}",
        "licence": spec.LICENCE,
        "method": community.pick(("visited", "phoned", "told by the owner", "imported")),
        "existence_confirmed_on": known.isoformat(),
        "hours_confirmed_on": known.isoformat() if rng.random() < 0.7 else None,
        "contact_confirmed_on": known.isoformat() if rng.random() < 0.8 else None,
        "confirmed_until": (known + lasts).isoformat(),
        "note": None,
    }
    for feature, yes in zip(FEATURES, (0.62, 0.45, 0.2, 0.35), strict=True):
        dice_roll = rng.random()
        record[feature] = "yes" if dice_roll < yes else "no" if dice_roll < 0.75 else "not stated"
    community.assets.append(record)
    return record


def add_site(community: Community, leaf: Leaf, asset: Record) -> Record:
    """Adds a delivery site of an asset, without saying where yet."""
    rng = community.rng
    number = len(community.sites) + 1
    hours = community.pick(leaf.hours)
    low, high = leaf.capacity
    stated = high and rng.random() < 0.72
    record: Record = {
        "site_id": f"site-{number:04d}",
        "asset_id": asset["asset_id"],
        "role": "delivery",
        "mode": None,
        "place_asset_id": None,
        "address": None,
        "postcode": None,
        "lon": None,
        "lat": None,
        "served_area_type": None,
        "served_boundary_year": None,
        "served_areas": None,
        "opening_hours": None if hours == "not stated" else hours,
        "time_zone": "Europe/London",
        "capacity": int(rng.integers(low, high + 1)) if stated else None,
        "capacity_unit": "places a week" if stated else None,
        "phone": phone(rng.integers(0, 1000).item()) if rng.random() < 0.7 else None,
        "phone_visibility": "public" if rng.random() < 0.8 else "hidden",
        "email": f"{slug(str(asset['name']))[:40].strip('-')}@example.org",
        "email_visibility": "public" if rng.random() < 0.85 else "hidden",
        "visibility": "public",
        "valid_from": None,
        "valid_to": None,
        "note": None,
    }
    community.sites.append(record)
    return record
