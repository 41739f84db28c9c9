"""Running notebooks, and what they say."""

import asyncio
import os
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@cache
def run(path: Path, database: str) -> Any:  # noqa: ANN401 - a notebook
    """Return a notebook with its outputs; one that reads the database reads that at the address."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    # Its own `execute` leaves a loop open in every thread that calls it.
    asyncio.run(client.async_execute(env={**os.environ, "DATABASE_URL": database}))
    return notebook


def read_numbers(name: str, database: str) -> Any:  # noqa: ANN401 - JSON
    """Return what the last cell of a notebook writes."""
    path = next(path for path in NOTEBOOKS if path.stem == name)
    return run(path, database).cells[-1].outputs[0].data["application/json"]
