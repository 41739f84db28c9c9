"""Makes every file of the pack in a folder."""

from pathlib import Path

from data.packs.demo.make.indicators import write_indicators
from data.packs.demo.make.manifest import write_manifest
from data.packs.demo.make.postcodes import write_postcodes
from data.packs.demo.make.register import write_community
from data.packs.demo.make.streets import lay_streets, write_streets
from data.packs.demo.make.tables import write_areas
from data.packs.demo.make.town import found_town


def build(out: Path) -> None:
    """Writes the pack's data files and its manifest.

    Args:
        out: An existing folder; files of the same names are replaced.
    """
    town = found_town()
    write_areas(out, town)
    postcodes = write_postcodes(out, town)
    ways = lay_streets(town)
    write_streets(out, ways)
    write_indicators(out, town)
    write_community(out, town, ways, postcodes)
    write_manifest(out)
