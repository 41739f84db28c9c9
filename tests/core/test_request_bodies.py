"""What is too large to be anything is refused before it is read."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.request_bodies import LARGEST_BODY

ADDRESS = "/api/v1/assets"


async def send_unannounced(size: int) -> AsyncIterator[bytes]:
    """Yield a body in pieces, so that nobody can know its size beforehand."""
    for _ in range(0, size, 65_536):
        yield b" " * 65_536


async def test_what_is_announced_too_large_is_refused(empty_client: httpx.AsyncClient) -> None:
    answer = await empty_client.post(ADDRESS, content=b" " * (LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.json()["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_is_not_announced_is_counted(empty_client: httpx.AsyncClient) -> None:
    answer = await empty_client.post(ADDRESS, content=send_unannounced(LARGEST_BODY + 65_536))
    assert answer.status_code == 413


@pytest.mark.parametrize("announced", [True, False])
async def test_what_fits_is_read(empty_client: httpx.AsyncClient, *, announced: bool) -> None:
    fits = LARGEST_BODY - 65_536
    content = b" " * fits if announced else send_unannounced(fits)
    answer = await empty_client.post(ADDRESS, content=content)
    assert answer.status_code == 422
