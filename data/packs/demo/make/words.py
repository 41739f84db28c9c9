"""Words shared by all made-up organisations: headings, dedications, letters of the register."""

from typing import Final

SAINTS: Final = (
    "St Aldric's", "St Hildred's", "All Hallows", "Holy Rood", "St Peter's", "St Anne's",
    "Bethel", "Zion Chapel", "St Brannoc's", "St Columb's", "Trinity", "St Oswin's", "Salem",
)  # fmt: skip
# What an organisation's name ends with, by legal form; "" keeps the asset's own name.
ENDINGS: Final = {
    "informal group": ("", "", "", " group"),
    "charity": (" Trust", " Association", " Foundation", " Project", " Fellowship", " Care"),
    "CIC": (" CIC", " Works CIC", " Collective CIC", " Community Interest Company"),
    "co-operative": (" Co-operative", " Workers' Co-op"),
    "community benefit society": (" Community Benefit Society", " Society"),
    "community land trust": (" Community Land Trust",),
    "business": (" Ltd", " Partners", ""),
}
EVOCATIVE: Final = (
    "Marram", "Keelman", "Hadder Lantern", "Oakum", "Hadder Tidewater", "Hadder Sandglass",
    "Hadder Open Door", "Two Banks", "Hadder Long Table", "Herring Gull", "Bollard",
    "Hadder Slipway", "Hadder Samphire", "Hadder Tideline", "Fairlead", "Hadder Net Loft",
    "Hadder Estuary", "Hadder Common Ground", "Hadder Kittiwake", "Bread and Salt",
    "Hadder Ferryman", "Hadder Ropewalk", "Third Street", "Hadder Good Measure",
    "Hadder High Water", "Hadder Driftwood", "Hadder Seagate", "Hadder Cornerstone", "Heron Mill",
    "Lighterage", "Hadder Quayside", "Hadder Stepping Stone", "Hadder Saltings",
    "Hadder Red Sail", "Whitestone", "Hearth and Harbour", "Hadder Curlew", "Hadder Bridge End",
    "Ballast", "Hadder Compass", "Hadder Beacon Hill", "Neap Tide", "Hadder Spring Tide",
    "Warp and Weft", "Gangway", "Hadder Foreshore", "Kiln Lane", "Hadder Avocet",
    "Hadder Turning Tide", "Dockers' Wharf",
)  # fmt: skip
PUBLIC_BODIES: Final = (
    "Haddermouth Borough Council",
    "Hadder Vale District Council",
    "Hadder Estuary Health Trust",
    "Haddermouth College",
    "Hadder Schools Partnership",
)
MISSIONS: Final = (
    "Neighbours who got tired of waiting and did it themselves.",
    "Started round a kitchen table; now six staff and ninety volunteers.",
    "A small local charity that keeps its doors open longer than its funding.",
    "Works with whoever turns up, for as long as it takes.",
    "Brings people together over something useful to do.",
    "Run by its members, one member one vote.",
    "Puts every penny it makes back into the neighbourhood.",
    "Has looked after people in this part of town since the docks closed.",
    "Helps people to help each other.",
    "A handful of regulars, a tin for the tea money and a key to the hall.",
    "Exists so that nobody here has to manage alone.",
    "Makes room for people to try things out.",
    "Listens first and plans afterwards.",
    "Believes that good things should be within walking distance.",
)
WHO: Final = (
    "Everyone", "Anyone who lives nearby", "People on a low income", "People new to the area",
    "Disabled people and their friends", "Anyone on their own",
)  # fmt: skip
JOINING: Final = (
    "Just turn up", "Ring first", "Book online", "Ask at the desk", "E-mail for a place",
    "Referral from a professional or yourself", "Join the waiting list",
)  # fmt: skip
LANGUAGES: Final = ("pl", "ro", "bn", "ku", "ar", "pt", "bfi")
