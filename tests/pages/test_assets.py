"""Built files are found by the manifest, and a missing build is said plainly."""

import json
import os
from pathlib import Path

import pytest

from app.core.errors import UnavailableError
from app.pages.assets import Assets


def write_manifest(folder: Path, script: str) -> None:
    manifest = {"src/main.ts": {"file": script, "css": ["assets/a.css"]}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_entry_has_its_script_and_its_styles(tmp_path: Path) -> None:
    write_manifest(tmp_path, "assets/main-1.js")
    files = Assets(tmp_path).find("src/main.ts")
    assert files.scripts == ("/static/assets/main-1.js",)
    assert files.styles == ("/static/assets/a.css",)


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    write_manifest(tmp_path, "assets/main-1.js")
    assets = Assets(tmp_path)
    assets.find("src/main.ts")
    write_manifest(tmp_path, "assets/main-2.js")
    os.utime(tmp_path / "manifest.json", ns=(1, 1))
    assert assets.find("src/main.ts").scripts == ("/static/assets/main-2.js",)


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_a_missing_or_broken_build_says_what_to_do(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UnavailableError, match="npm run build"):
        Assets(tmp_path).find("src/main.ts")
