"""Settings that are refused in a sentence, and what follows from them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.settings import Settings
from app.main import create_app


def make_settings(folder: Path, **given: object) -> Settings:
    """Return settings with nothing from the environment."""
    return Settings.model_validate({"var_dir": folder, **given})


@pytest.mark.parametrize(
    ("given", "tiles", "hosts"),
    [
        ("none", "", []),
        (
            "https://maps.example.org:8443/a/{z}/{x}/{y}.png?key=1",
            "https://maps.example.org:8443/a/{z}/{x}/{y}.png?key=1",
            ["https://maps.example.org:8443"],
        ),
    ],
)
def test_only_the_background_of_maps_may_be_fetched_from_elsewhere(
    tmp_path: Path, given: str, tiles: str, hosts: list[str]
) -> None:
    settings = make_settings(tmp_path, basemap_tiles=given)
    assert settings.basemap_tiles == tiles
    assert settings.basemap_hosts == hosts


@pytest.mark.parametrize(
    "given", ["", "osm", "ftp://a/{z}/{x}/{y}", "https://a/{z}/{x}.png", "javascript:{z}{x}{y}"]
)
def test_what_is_no_address_of_tiles_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(ValidationError, match=r"https://tile\.example\.org/\{z\}/\{x\}/\{y\}\.png"):
        make_settings(tmp_path, basemap_tiles=given)


def test_memory_for_tiles_can_be_none(tmp_path: Path) -> None:
    given = {"tile_cache_mb": 0, "database_url": "postgresql://nobody@127.0.0.1:9/none"}
    app = create_app(make_settings(tmp_path, **given))
    assert app.state.tiles.cache._most_bytes == 0
    with pytest.raises(ValidationError):
        make_settings(tmp_path, tile_cache_mb=-1)
