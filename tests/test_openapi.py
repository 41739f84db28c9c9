"""The API as promised: a change of it is a change of this file, seen in review."""

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

SNAPSHOT = Path(__file__).parent / "openapi.json"


async def test_the_api_is_the_one_we_promised(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    written = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(written)
        pytest.fail("tests/openapi.json was rewritten. Look at the difference and run again.")
    assert written == SNAPSHOT.read_text(), (
        "The API changed. If that is wanted: UPDATE_SNAPSHOT=1 pytest tests/test_openapi.py, "
        "look at the difference, and say it in CHANGELOG.md."
    )


async def test_every_operation_says_what_it_does(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operations: list[dict[str, Any]] = [
        operation for path in document["paths"].values() for operation in path.values()
    ]
    assert operations
    assert all(operation.get("description") for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
