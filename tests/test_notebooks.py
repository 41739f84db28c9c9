"""Every notebook runs from top to bottom on the demonstration pack and is kept without outputs."""

import asyncio
from pathlib import Path

import httpx
import nbformat
import pytest

from app.pages.gaps.presets import PRESETS, Preset
from tests.conftest import Share
from tests.findings import ask_as, check_finding
from tests.notebooks import NOTEBOOKS, read_numbers, run


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    cells = nbformat.reads(path.read_text(), as_version=4).cells  # type: ignore[no-untyped-call]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@pytest.fixture(scope="session")
def place(share: Share, demo_template: str) -> str:
    """The address of a database with the demonstration place, in which nothing can be written."""
    return share(demo_template).for_libpq


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, place: str) -> None:
    cells = run(path, place).cells
    assert all(cell.execution_count for cell in cells if cell.cell_type == "code")


async def test_the_gap_analysis_has_the_numbers_of_the_service(
    client: httpx.AsyncClient, place: str
) -> None:
    found = await asyncio.to_thread(read_numbers, "02-the-gap-analysis", place)
    response = await client.post("/api/v1/analyses", json=found["asked"])
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["sites"] == found["sites"]
    for name in ("people", "covered", "shortfall"):
        assert found[name] == pytest.approx(answer[name], rel=1e-7), name
    assert found["areas"]["codes"] == answer["areas"]["codes"]
    assert max(found["areas"]["access"]) > 0
    for name in ("people", "access", "covered", "shortfall", "rank_gap"):
        assert found["areas"][name] == [
            None if each is None else pytest.approx(each, rel=1e-6, abs=1e-8)
            for each in answer["areas"][name]
        ], name
    # Distances are told to a decimetre.
    assert found["areas"]["distance_m"] == pytest.approx(answer["areas"]["distance_m"], abs=0.051)
    assert found["sii"] == pytest.approx(answer["equity"]["sii"]["value"], rel=1e-6)
    told = [each["value"] for each in answer["equity"]["tenths"]]
    assert found["tenths"] == pytest.approx(told, rel=1e-6)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
async def test_the_findings_have_the_numbers_of_the_service(
    client: httpx.AsyncClient, place: str, preset: Preset
) -> None:
    findings = await asyncio.to_thread(read_numbers, "03-three-findings", place)
    response = await client.post("/api/v1/analyses", json=ask_as(preset))
    assert response.status_code == 200, response.text
    check_finding(findings[preset.code], response.json())
