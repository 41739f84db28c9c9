"""One of everything that is easily got wrong, each flagged in its note."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from data.packs.demo.make.community import (
    FEATURES,
    LEAVES,
    TODAY,
    Community,
    Record,
    add_asset,
    add_organisation,
    add_site,
    phone,
    served,
)
from data.packs.demo.make.place import point_to_degrees

Case = Callable[[Community], None]
FLAG: Final = "Hard case: "


def add_hard_cases(community: Community) -> None:
    """Adds every hard case, each with a note that starts with `FLAG` and its name."""
    for case in CASES:
        case(community)


def _start(
    community: Community, leaf_id: str, name: str, words: str, case: str
) -> tuple[Record, Record]:
    """An asset with one site at an address near where such things stand, and no organisation."""
    leaf = next(leaf for leaf in LEAVES if leaf.id == leaf_id)
    asset = add_asset(community, leaf, name, None)
    site = add_site(community, leaf, asset)
    x, y, _ = community.spot(leaf.lean)
    community.spots[str(asset["asset_id"])] = (x, y)
    site |= {"mode": "address", **community.address_at(x, y)}
    asset |= {"description": words, "note": FLAG + case}
    return asset, site


def _run_by(community: Community, asset: Record, name: str, form: str) -> Record:
    at = community.spots[str(asset["asset_id"])]
    asset["organisation_id"] = add_organisation(community, name, form, (*at, -1))
    return community.organisations[-1]


NOWHERE: Final[Record] = {"address": None, "postcode": None, "lon": None, "lat": None}


def _hidden_findable(community: Community) -> None:
    asset, site = _start(
        community, "housing-advice", "Hadder Lamp Refuge",
        "A safe house for women and children leaving violence at home. Ring at any hour.",
        "hidden, findable by name or category for the authority it serves",
    )  # fmt: skip
    _run_by(community, asset, "Hadder Lamp", "charity")["visibility"] = "public"
    asset |= {"visibility": "hidden", "findable": "yes"}
    site |= {
        "visibility": "hidden", "opening_hours": "24/7", "email_visibility": "hidden",
        "phone": "08081 570042", "phone_visibility": "public", "served_area_type": "authority",
        "served_boundary_year": 2025, "served_areas": "X07000001",
    }  # fmt: skip


def _hidden_not_findable(community: Community) -> None:
    asset, site = _start(
        community, "mental-health", "Alder House",
        "A supported home whose residents must not be found.",
        "hidden, not findable at all",
    )  # fmt: skip
    asset |= {"visibility": "hidden", "findable": "no"}
    site |= {"visibility": "hidden", "phone_visibility": "hidden", "email_visibility": "hidden"}
    _run_by(community, asset, "Alder Housing Support", "CIC")["visibility"] = "hidden"


def _area_only(community: Community) -> None:
    asset, site = _start(
        community, "carers", "Night Owls: parents of children who do not sleep",
        "Six or so parents in somebody's front room. The address comes with the first reply.",
        "area only, meets in a private home",
    )  # fmt: skip
    asset["visibility"] = "area only"
    site |= {"visibility": "area only", "phone_visibility": "hidden"}
    _run_by(community, asset, "Night Owls", "informal group")


def _register_only(community: Community) -> None:
    asset, site = _start(
        community, "heritage", "Hadder Steam Dredger Fund",
        "On the register since 1974; nobody has said yet what it does or where.",
        "register address only, no delivery site",
    )  # fmt: skip
    _run_by(community, asset, "Hadder Steam Dredger Fund", "charity")
    site |= {
        "role": "registered", "visibility": "area only", "opening_hours": None,
        "capacity": None, "capacity_unit": None,
    }  # fmt: skip


def _served_only(community: Community) -> None:
    asset, site = _start(
        community, "befriending", "Meals by Moped",
        "A hot dinner brought to the door of people who cannot cook for themselves.",
        "served areas only, no address",
    )  # fmt: skip
    _, _, block = community.spot("toward need")
    site |= {**NOWHERE, **served(community, block)}
    _run_by(community, asset, "Meals by Moped", "CIC")


def _online_only(community: Community) -> None:
    asset, site = _start(
        community, "carers", "Carers' Evening Call",
        "A weekly video call for people who look after someone and cannot leave the house.",
        "online only",
    )  # fmt: skip
    site |= {**NOWHERE, "mode": "online", "opening_hours": "Tu 20:00-21:00", "phone": None}
    _run_by(community, asset, "Hadder Carers Online", "informal group")


def _phone_only(community: Community) -> None:
    asset, site = _start(
        community, "mental-health", "Hadder Listening Line",
        "A telephone line answered every evening by trained volunteers.",
        "phone only",
    )  # fmt: skip
    site |= {
        **NOWHERE, "mode": "phone", "opening_hours": "Mo-Su 18:00-24:00",
        "phone": "08081 570117", "phone_visibility": "public", "email": None,
    }  # fmt: skip
    _run_by(community, asset, "Hadder Listening Line", "charity")


def _past_date(community: Community) -> None:
    asset, _ = _start(
        community, "lunch-club", "Ferry Inn Pensioners' Dinner",
        "A roast on the last Sunday of the month, or it was when we last heard.",
        "past its confirmation date, to be shown as unconfirmed",
    )  # fmt: skip
    last = TODAY - timedelta(days=800)
    asset |= {
        "existence_confirmed_on": last.isoformat(),
        "hours_confirmed_on": None,
        "contact_confirmed_on": None,
        "confirmed_until": (last + timedelta(days=365)).isoformat(),
    }
    _run_by(community, asset, "Ferry Inn Pensioners", "informal group")


def _several_sites(community: Community) -> None:
    asset, _ = _start(
        community, "food-bank", "Haddermouth Pantry Network",
        "One membership, four pantries: pick the day that suits you.",
        "several sites, each with its own hours and capacity",
    )  # fmt: skip
    leaf = next(leaf for leaf in LEAVES if leaf.id == "food-bank")
    for hours, places in (("Tu 10:00-12:00", 40), ("We 16:00-18:00", 55), ("Sa 10:00-12:30", 70)):
        site = add_site(community, leaf, asset)
        x, y, _ = community.spot("toward need")
        site |= {
            "mode": "address", **community.address_at(x, y), "opening_hours": hours,
            "capacity": places, "capacity_unit": "places a week",
        }  # fmt: skip
    _run_by(community, asset, "Haddermouth Pantry Network", "community benefit society")


def _several_categories(community: Community) -> None:
    asset, _ = _start(
        community, "hall", "The Engine Shed",
        "Hall, cafe, workshop and garden in the old locomotive shed.",
        "several categories",
    )  # fmt: skip
    asset["category_ids"] = "hall;community-cafe;repair;community-garden;space;warm-space"
    _run_by(community, asset, "Engine Shed Community Land Trust", "community land trust")


def _no_organisation(community: Community) -> None:
    asset, _ = _start(
        community, "park", "Chess tables on the Staithe",
        "Two stone tables, always somebody waiting for a game. Bring your own pieces.",
        "no organisation",
    )  # fmt: skip
    asset["cost"] = "free"


def _place_of_others(community: Community) -> None:
    hall, site = _start(
        community, "hall", "Staithe Hall",
        "The big hall by the harbour; five groups meet here every week.",
        "a place that is the place of other assets' sites",
    )  # fmt: skip
    x, y = 3900.0, 3720.0
    site |= community.address_at(x, y)
    community.spots[str(hall["asset_id"])] = (x, y)
    _run_by(community, hall, "Staithe Hall Trust", "charity")
    for leaf_id, name in (
        ("music-arts", "Staithe Singers"),
        ("parent-toddler", "Little Herrings"),
        ("craft", "Net Menders' Textile Group"),
        ("older-social", "Harbour Whist"),
    ):
        asset, place = _start(
            community, leaf_id, name, "Meets in Staithe Hall every week.",
            "meets at a place that is itself an asset",
        )  # fmt: skip
        place |= {**NOWHERE, "mode": "place", "place_asset_id": hall["asset_id"]}
        _run_by(community, asset, f"{name} Group", "informal group")


def _term_time(community: Community) -> None:
    asset, site = _start(
        community, "parent-toddler", "School Gate Stay and Play",
        "Play in the infants' hall straight after drop-off, in term time only.",
        "term-time only",
    )  # fmt: skip
    asset["term_time_only"] = "yes"
    site["opening_hours"] = "Mo-Fr 09:00-10:30; SH off; PH off"


def _after_midnight(community: Community) -> None:
    asset, site = _start(
        community, "warm-space", "Street Lamp",
        "Volunteers with water, flip-flops and a quiet place to sit on weekend nights.",
        "ends after midnight",
    )  # fmt: skip
    site["opening_hours"] = "Fr,Sa 22:00-03:30"
    _run_by(community, asset, "Street Lamp Volunteers", "charity")


def _not_stated(community: Community) -> None:
    asset, site = _start(
        community, "sports-club", "Hadder Petanque",
        "",
        "everything not stated",
    )  # fmt: skip
    asset |= dict.fromkeys(FEATURES, "not stated")
    asset |= {
        "description": None, "min_age": None, "max_age": None, "eligibility": None,
        "cost": "not stated", "cost_amount": None, "cost_words": None, "languages": None,
        "how_to_join": None, "term_time_only": "not stated", "hours_confirmed_on": None,
        "contact_confirmed_on": None,
    }  # fmt: skip
    site |= {
        "opening_hours": None, "capacity": None, "capacity_unit": None, "phone": None,
        "email": None,
    }  # fmt: skip


def _duplicates(community: Community) -> None:
    first, site = _start(
        community, "warm-space", "St Aldric's Warm Room",
        "Soup, company and a warm seat every Wednesday afternoon.",
        "near-duplicate, first of two",
    )  # fmt: skip
    x, y = community.spots[str(first["asset_id"])]
    site |= {"opening_hours": "We 13:00-16:00", "phone": phone(731)}
    second, other = _start(
        community, "warm-space", "St. Aldrics Warm Rooms",
        "Warm seat, soup & company. Wednesday afternoons 1 to 4.",
        "near-duplicate, second of two",
    )  # fmt: skip
    lon, lat = point_to_degrees(x + 18, y - 9)
    other |= {
        "address": f"{site['address']} (side door)", "postcode": site["postcode"],
        "lon": f"{lon:.6f}", "lat": f"{lat:.6f}",
        "opening_hours": "We 13:00-16:00", "phone": phone(731).replace(" ", ""),
    }  # fmt: skip
    community.spots[str(second["asset_id"])] = (x + 18, y - 9)
    _run_by(community, first, "St Aldric's Parochial Church Council", "charity")


def _takedown(community: Community) -> None:
    asset, _ = _start(
        community, "cultural", "Thursday Prayer and Supper",
        "Supper after prayers in a member's house.",
        "takedown candidate: its organiser has asked for it to be taken off the map",
    )  # fmt: skip
    asset["status"] = "takedown asked"
    _run_by(community, asset, "Thursday Supper", "informal group")


def _alert(community: Community) -> None:
    asset, _ = _start(
        community, "gym-pool", "Lantern Street Baths",
        "Two pools under a glass roof of 1908.",
        "alert shown with the asset",
    )  # fmt: skip
    asset["alert"] = "The main pool is closed until spring 2027 while the roof is mended."
    council = community.organisations[0]
    asset["organisation_id"] = council["organisation_id"]


def _translated(community: Community) -> None:
    asset, _ = _start(
        community, "cultural", "Between Two Shores",
        "A Welsh and Polish conversation club for dock families old and new.",
        "translated name",
    )  # fmt: skip
    asset |= {"name_translations": "cy=Rhwng Dwy Lan;pl=Między dwoma brzegami",
              "languages": "en;cy;pl"}  # fmt: skip
    _run_by(community, asset, "Between Two Shores", "informal group")


def _registered_elsewhere(community: Community) -> None:
    asset, _ = _start(
        community, "youth-club", "Waterfront Boxing and Books",
        "Pads, gloves and a homework table, four nights a week.",
        "its organisation is registered outside the study area",
    )  # fmt: skip
    organisation = _run_by(community, asset, "Northern Ropes Foundation", "charity")
    lon, lat = point_to_degrees(-9000.0, 12_500.0)
    organisation |= {
        "registered_address": "4 Mill Parade, Westmarch", "registered_postcode": None,
        "registered_lon": f"{lon:.6f}", "registered_lat": f"{lat:.6f}",
        "note": FLAG + "registered outside the study area, works inside it",
    }  # fmt: skip


CASES: Final[tuple[Case, ...]] = (
    _hidden_findable, _hidden_not_findable, _area_only, _register_only, _served_only, _online_only,
    _phone_only, _past_date, _several_sites, _several_categories, _no_organisation,
    _place_of_others, _term_time, _after_midnight, _not_stated, _duplicates, _takedown, _alert,
    _translated, _registered_elsewhere,
)  # fmt: skip
