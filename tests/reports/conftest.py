"""Reports without a built frontend: what they say does not depend on it."""

from pathlib import Path

import pytest

from app.core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose built frontend holds hardly anything."""
    folder = tmp_path / "dist/report"
    folder.mkdir(parents=True)
    (folder / "leaflet.js").write_text("var L = {};")
    (folder / "report.css").write_text(".ha-report { margin: 0; }")
    return Settings(
        _env_file=None, var_dir=tmp_path / "var", run_worker=False, frontend_dir=tmp_path / "dist"
    )
