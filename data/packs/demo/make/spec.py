"""What is decided by hand about the invented town: seed, place, shape, roads, dates.

Local metres: x to the east, y to the north, from a corner in the open North Sea. Nothing here
is copied from anywhere.
"""

from typing import Final

SEED: Final = 20260917
PLACE: Final = "Haddermouth"
RIVER: Final = "River Hadder"
DISTRICT: Final = "Hadder Vale"
LICENCE: Final = "CC0-1.0"
LICENCE_URL: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
SOURCE: Final = "Invented for demonstration"
VINTAGE: Final = "2026-09-17"

# EPSG:27700 of the local origin: about 70 km off the coast of Holderness.
ORIGIN_E: Final = 606_000
ORIGIN_N: Final = 442_000

SMALL_AREAS: Final = 120
PEOPLE_2011: Final = 179_400
PEOPLE_2021: Final = 190_300

Points = tuple[tuple[float, float], ...]

# The study area's edge, before it is roughened; its eastern side lies out at sea.
OUTLINE: Final[Points] = (
    (-100, 3900), (-250, 4700), (350, 5400), (700, 6250), (1700, 6350), (2300, 7000),
    (3500, 7150), (4300, 6750), (5300, 7150), (6200, 6850), (7400, 7150), (9100, 7150),
    (9100, -50), (7850, -50), (7000, 150), (6300, 500), (5300, 0), (4600, 350), (3500, -150),
    (2700, 350), (1600, 250), (900, 1000), (100, 1250), (-50, 2200), (-300, 2900),
    (-100, 3900),
)  # fmt: skip
# Positions in OUTLINE of the last point on land before the sea and the first after it.
OUTLINE_AT_SEA: Final = (10, 13)
# The open coast from north to south, before it is roughened.
COAST: Final[Points] = (
    (7150, 7600), (7000, 6900), (7250, 6300), (7400, 5700), (7250, 5150), (7100, 4700),
    (7050, 4300), (7300, 3400), (7500, 2500), (7650, 2100), (7500, 1500), (7750, 900),
    (7550, 300), (7700, -500),
)  # fmt: skip
# The river from west to the mouth: x, y of the middle, half width.
CHANNEL: Final = (
    (-900, 3050, 32), (-200, 3300, 34), (300, 3650, 36), (800, 3480, 38), (1250, 3050, 42),
    (1800, 2900, 48), (2400, 3250, 56), (2950, 3520, 66), (3400, 3480, 76), (3800, 3330, 90),
    (4300, 3300, 140), (4800, 3380, 225), (5350, 3400, 330), (5950, 3330, 430),
    (6500, 3330, 580), (7000, 3400, 800), (7500, 3450, 1050), (8300, 3450, 1300),
    (9300, 3450, 1700),
)  # fmt: skip
# A sand spit that grew southward from the north side of the mouth.
SPIT: Final[Points] = ((7080, 4680), (7370, 4200), (7440, 3860), (7310, 3620), (7090, 3540))
# A tidal creek through the southern marsh.
CREEK: Final[Points] = ((6650, 3100), (6550, 2700), (6720, 2420), (6560, 2180), (6700, 1950))
# Docks cut into the south bank, and the old harbour in the north bank: corners.
BASINS: Final[tuple[Points, ...]] = (
    ((4680, 3420), (4640, 2935), (4930, 2910), (4950, 3020), (4745, 3040), (4770, 3420)),
    ((5180, 3400), (5150, 2990), (5480, 2975), (5490, 3080), (5255, 3095), (5270, 3400)),
    ((4075, 3330), (4095, 3520), (4290, 3560), (4310, 3490), (4170, 3450), (4165, 3330)),
)

CROSS: Final = (3640.0, 3780.0)  # the market cross, north bank
BRIDGE_X: Final = 3640.0
FERRY: Final = ((4560.0, 3700.0), (4560.0, 3050.0))  # landings, near these points
SOUTH_END: Final = (3660.0, 3130.0)  # where the roads of the south bank meet

ROADS: Final[tuple[tuple[str, Points], ...]] = (
    ("Bridge Street", (CROSS, (3640, 3460), (3650, 3300), SOUTH_END)),
    ("North Road", (CROSS, (3560, 4700), (3720, 5700), (3500, 7200))),
    ("Priory Road", (CROSS, (2900, 4500), (2300, 5350), (1650, 6500))),
    ("Vale Road", (CROSS, (2700, 3980), (1700, 4100), (800, 4500), (-400, 4600))),
    ("Beacon Road", (CROSS, (4300, 4600), (4850, 5500), (5300, 7200))),
    ("Coast Road", (CROSS, (4700, 4250), (5900, 4900), (6900, 5950), (7300, 6000))),
    ("Fishergate", (CROSS, (4300, 3900), (5200, 4000), (6200, 4050), (7100, 4700))),
    ("London Road", (SOUTH_END, (3500, 2200), (3650, 1300), (3450, -300))),
    ("Moor Road", (SOUTH_END, (2800, 2500), (2100, 1600), (1500, 100))),
    ("Wharf Lane", (SOUTH_END, (2500, 2620), (1500, 2300), (600, 2400), (-400, 2300))),
    ("Dock Road", (SOUTH_END, (4500, 2780), (5400, 2700), (6300, 2350), (7600, 2150))),
    ("Marsh Road", (SOUTH_END, (4400, 2350), (5200, 1500), (6000, 900), (6500, 300))),
)
# Rings about the bridge: name, radius, and the arcs kept in degrees from east, anticlockwise.
RINGS: Final = (
    ("Ropewalk", 820.0, ((0, 360),)),
    ("Alexandra Road", 1500.0, ((5, 175), (185, 355))),
    ("Ring Road", 2250.0, ((8, 172), (195, 345))),
)
# The borough's edge: centre and the radii to east and north.
BOROUGH: Final = ((4250.0, 3420.0), (3450.0, 2650.0))

# Village greens of the rural district: name, x, y, radius of the built-up part.
VILLAGES: Final = (
    ("Thornsey Staithe", 650.0, 4250.0, 430.0),
    ("Market Ashwold", 1350.0, 5700.0, 520.0),
    ("Long Cottering", 2950.0, 6600.0, 400.0),
    ("Kirk Ellerby", 6050.0, 6500.0, 420.0),
    ("Wrayle Parva", 700.0, 2000.0, 420.0),
    ("Nether Oxby", 2250.0, 800.0, 430.0),
    ("Fen Drayle", 4550.0, 700.0, 400.0),
    ("Hollinfold", 6500.0, 1250.0, 380.0),
)
# The new-build edge and the waterfront estate: centre and radii.
NEW_BUILD: Final = ((2150.0, 4950.0), (620.0, 520.0))
ESTATE: Final = ((4700.0, 2480.0), (900.0, 430.0))
PARKS: Final = (
    ("Victoria Park", 2900.0, 4150.0, 190.0),
    ("Beacon Hill", 4950.0, 4880.0, 230.0),
    ("Southfield Recreation Ground", 3050.0, 2050.0, 170.0),
    ("Priory Meadow", 2350.0, 3650.0, 200.0),
    ("Whinny Common", 4150.0, 1500.0, 210.0),
    ("Coastguard Fields", 6500.0, 5300.0, 240.0),
)
