"""Invented names of districts, wards and streets, each near where it belongs."""

from typing import Final

import numpy as np

from data.packs.demo.make.noise import Floats

Known = tuple[tuple[str, int, int], ...]

DISTRICTS: Final[Known] = (
    ("Old Town and Staithes", 3700, 3800),
    ("Fishergate", 4600, 4050),
    ("Ropewalk", 4050, 4450),
    ("Priory Fields", 2350, 3750),
    ("Abbot's Mead", 3250, 4650),
    ("Beacon Hill", 5150, 5150),
    ("Kettlewell Park", 4050, 5550),
    ("Marlpit", 2950, 5250),
    ("Larkfield", 2250, 5000),
    ("Whitestone", 1550, 4200),
    ("Saltings and Sandhaven", 6250, 4500),
    ("Lantern Point", 5450, 4050),
    ("Bridge End", 3700, 3000),
    ("Tannery Row", 3450, 2450),
    ("Coldharbour Quay", 4600, 2400),
    ("Limekilns", 2750, 3000),
    ("Copperas Wharf", 5700, 2400),
    ("Southfield", 2600, 1800),
    ("Willowbrook", 1800, 2450),
    ("Whinny Common", 3700, 1550),
    ("Gorse Bank", 5100, 1400),
    ("Marsh End", 6100, 1900),
    ("Hagg Lane", 3500, 5000),
)
RURAL_DISTRICTS: Final[Known] = (
    ("Market Ashwold and the Staithe", 900, 4900),
    ("Cottering and Kirk Ellerby", 4300, 6500),
    ("Wrayle and Nether Oxby", 1200, 1500),
    ("Fen Drayle and Hollinfold", 5600, 900),
    ("Upper Vale", 2200, 6300),
)
WARDS: Final[Known] = (
    ("Castle", 3300, 4200),
    ("Haven", 5900, 4500),
    ("Westgate", 1900, 4300),
    ("Harbour", 4150, 4000),
    ("Beacon", 4300, 5300),
    ("Bridge", 3450, 2950),
    ("Willowbrook", 2100, 2600),
    ("Marsh", 5700, 2000),
    ("Waterfront", 4400, 2150),
    ("Southfield", 3100, 1600),
    ("Ashwold and Cottering", 2700, 5650),
    ("Wrayle and the Fens", 2850, 1250),
    ("Larkfield", 2400, 5000),
    ("Limekilns", 2700, 2900),
)
_FIRST: Final = (
    "Albert", "Alma", "Anchor", "Apple", "Argyle", "Ash", "Baltic", "Barge", "Barley", "Beech",
    "Bell", "Birch", "Blacksmith", "Boathouse", "Bower", "Bracken", "Bramble", "Brewery", "Briar",
    "Brick", "Cable", "Calder", "Cannon", "Capstan", "Cedar", "Chandler", "Chapel", "Charlotte",
    "Cherry", "Chestnut", "Church", "Clarence", "Cobbler", "Compass", "Cooper", "Coral",
    "Cornmill", "Cowper", "Crane", "Cromer", "Cross", "Curlew", "Cygnet", "Dane", "Dial", "Dove",
    "Drake", "Duke", "Dyer", "Eastfield", "Edith", "Elder", "Elm", "Exchange", "Farrier", "Fern",
    "Fletcher", "Forge", "Foundry", "Fuller", "Furze", "Garnet", "Garth", "George", "Gilbert",
    "Glebe", "Granary", "Grange", "Grebe", "Green", "Grove", "Hadder", "Hart", "Hawthorn",
    "Hazel", "Heron", "Hill", "Holly", "Hope", "Horn", "Iron", "Ivy", "Jubilee", "Juniper",
    "Keel", "Kiln", "King", "Kingfisher", "Laburnum", "Lamp", "Lapwing", "Larch", "Lark",
    "Laurel", "Lime", "Linnet", "Lock", "Lower", "Lupin", "Mallard", "Malt", "Maltings", "Manor",
    "Maple", "Mariner", "Marigold", "Market", "Mason", "Meadow", "Mercer", "Mill", "Milton",
    "Moss", "Myrtle", "Navigation", "Neptune", "Newton", "Oak", "Oakum", "Orchard", "Osier",
    "Otter", "Palmer", "Park", "Pear", "Pebble", "Pilot", "Pine", "Plover", "Poplar", "Potter",
    "Pound", "Primrose", "Priory", "Providence", "Quarry", "Queen", "Quince", "Rectory", "Reed",
    "Regent", "Robin", "Rope", "Rosemary", "Rowan", "Rush", "Saddler", "Sail", "Salt",
    "Sandpiper", "School", "Sedge", "Shelduck", "Shepherd", "Ship", "Shore", "Silver", "Skinner",
    "Skipper", "Sluice", "Smithy", "Spindle", "Spring", "Staithe", "Star", "Station", "Stone",
    "Swallow", "Swan", "Sycamore", "Tanner", "Teal", "Temple", "Tern", "Thistle", "Thorn", "Tide",
    "Tiller", "Tollgate", "Trinity", "Union", "Upper", "Vale", "Vicarage", "Victoria", "Vine",
    "Violet", "Wagon", "Walnut", "Warehouse", "Water", "Weaver", "Wellington", "Westfield",
    "Wharf", "Wheel", "Whin", "Wicket", "Willow", "Wren", "Yarrow", "Yew",
)  # fmt: skip
_LAST: Final = {
    "old town": ("Street", "Lane", "Row", "Yard", "Passage", "Gate", "Hill"),
    "terraces": ("Street", "Street", "Street", "Terrace", "Road", "Place", "Grove"),
    "interwar": ("Avenue", "Road", "Crescent", "Drive", "Grove", "Gardens"),
    "outer": ("Drive", "Close", "Avenue", "Way", "Road", "Rise"),
    "estate": ("Walk", "Court", "Close", "Way", "Road"),
    "new-build": ("Way", "Close", "Mews", "Drive", "Meadow"),
    "village": ("Lane", "Street", "Road", "Green", "Garth"),
    "fields": ("Lane", "Drove", "Lane"),
}


def place_names(known: Known, middles: Floats) -> list[str]:
    """One name a place, nearest pairs first.

    Args:
        known: Names with the local point each was thought up for; at least as many as places.
        middles: Shape (n, 2), local metres.

    Returns:
        A name for each row of `middles`.
    """
    spots = np.array([(x, y) for _, x, y in known], dtype=np.float64)
    apart = np.sqrt(((middles[:, None, :] - spots[None]) ** 2).sum(axis=2)).round(0)
    names = [""] * len(middles)
    for _ in names:
        place, name = (int(i) for i in np.unravel_index(np.argmin(apart), apart.shape))
        names[place] = known[name][0]
        apart[place, :] = np.inf
        apart[:, name] = np.inf
    return names


def street_name(rng: np.random.Generator, zone: str, used: set[str]) -> str:
    """A street name that suits the zone and has not been used, or "" for open ground."""
    endings = _LAST.get(zone)
    if endings is None:
        return ""
    for _ in range(40):
        first = _FIRST[int(rng.integers(len(_FIRST)))]
        name = f"{first} {endings[int(rng.integers(len(endings)))]}"
        if name not in used:
            used.add(name)
            return name
    return ""
