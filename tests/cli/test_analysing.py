"""`hereabouts analyse`: a file from the command line."""

import csv
import json
from pathlib import Path

import pytest

from app.core.database import DatabaseAddress
from tests.cli.conftest import Run


def test_a_question_becomes_a_file(run: Run, demo_address: DatabaseAddress, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    given = ("analyse", "library", "--need", "income_score_2025", "--need", "health_score_2025",
             "--distance", "900", "--walked", "--everyone", "--output", str(path))  # fmt: skip
    done = run(*given, address=demo_address)
    assert done.returncode == 0, done.stderr
    assert "692 m in a straight line" in done.stdout
    assert f"Written to {path}." in done.stdout
    lines = path.read_text().splitlines()
    assert sum(line.startswith("# source of need: ") for line in lines) == 2
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    assert sum(float(row["people"]) for row in rows) > 1000
    again = run(*given, address=demo_address)
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_the_ending_of_the_file_says_what_is_written(
    run: Run, demo_address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("analyse", "library", "--method", "coverage", "--everyone", "--output")
    monkeypatch.setenv("FRONTEND_DIR", str(tmp_path / "dist"))
    refused = run(*given, str(tmp_path / "gaps.html"), address=demo_address)
    assert refused.returncode == 1
    assert "Reports need the built frontend" in refused.stderr
    (tmp_path / "dist/report").mkdir(parents=True)
    for name in ("leaflet.js", "report.css"):
        (tmp_path / "dist/report" / name).write_text("")
    done = run(*given, str(tmp_path / "gaps.html"), address=demo_address)
    assert done.returncode == 0, done.stderr
    assert "<h1>Who is far from libraries?</h1>" in (tmp_path / "gaps.html").read_text()
    done = run(*given, str(tmp_path / "gaps.geojson"), address=demo_address)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "gaps.geojson").read_text())["type"] == "FeatureCollection"


def test_what_cannot_be_asked_is_a_sentence(
    run: Run, demo_address: DatabaseAddress, tmp_path: Path
) -> None:
    for given, said in (
        (("analyse", "no-such"), "There is no category 'no-such'"),
        (("analyse", "library", "--format", "xls"), "it can be csv, geojson, gpkg, html"),
        (("analyse", "library", "--distance", "0"), "catchment_m is 0.0"),
        (("analyse", "library", "--method", "magic"), "method is 'magic'"),
        (("analyse", "library", "--need", "no_such"), "no_such"),
    ):
        done = run(*given, "--output", str(tmp_path / "x.csv"), address=demo_address)
        assert done.returncode == 1
        assert said in done.stderr
    assert not list(tmp_path.iterdir())
