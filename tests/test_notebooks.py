"""Every notebook runs from top to bottom on the demonstration pack and is kept without outputs."""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path: Path) -> None:
    cells = nbformat.reads(path.read_text(), as_version=4).cells  # type: ignore[no-untyped-call]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@cache
def run(path: Path) -> Any:  # noqa: ANN401 - a notebook
    """Return a notebook with its outputs."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    client.execute()
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path) -> None:
    assert all(cell.execution_count for cell in run(path).cells if cell.cell_type == "code")


async def test_the_gap_analysis_has_the_numbers_of_the_service(client: httpx.AsyncClient) -> None:
    path = next(path for path in NOTEBOOKS if path.stem == "02-the-gap-analysis")
    notebook = await asyncio.to_thread(run, path)
    found = notebook.cells[-1].outputs[0].data["application/json"]
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
