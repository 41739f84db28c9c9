"""A place to measure on: England from the folder of open data, else the demonstration pack."""

import hashlib
import os
from pathlib import Path

PROJECT = Path(__file__).parents[1]

ENGLAND = """
name = "england"
title = "England"
projected_crs = "EPSG:27700"
time_zone = "Europe/London"
languages = ["en-GB"]

[sources.lsoa_2021]
title = "ONS"
licence = "OGL v3"
vintage = "2021"
file = "{name}"
sha256 = "{sha256}"

[[area_types]]
code = "lsoa"
name = "neighbourhood"
plural = "neighbourhoods"
position = 1

[[boundaries]]
source = "lsoa_2021"
area_type = "lsoa"
boundary_year = 2021
columns = {{ code = "lsoa21_code" }}
"""


def find_place(folder: Path) -> Path:
    """Return the folder of a pack; England's is written into `folder` where REALDATA is set."""
    realdata = os.environ.get("REALDATA")
    if not realdata:
        return PROJECT / "data/packs/demo"
    source = Path(realdata).resolve() / "boundaries/lsoa2021_england_simplified.geojson.gz"
    (folder / source.name).symlink_to(source)
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    (folder / "pack.toml").write_text(ENGLAND.format(name=source.name, sha256=sha256))
    return folder
