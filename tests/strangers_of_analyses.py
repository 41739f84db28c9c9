"""What a stranger would ask analyses for; part of `tests/strangers.py`."""

from collections.abc import Iterator, Sequence
from typing import Any

METHODS = ("e2sfca", "nearest", "container")
"""They measure differently: shares of supply, distances, what lies inside."""


def list_analyses(
    categories: Sequence[str], points: Sequence[tuple[float, float]], ids: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield analyses of every category, and what if about secret places."""
    for category in categories:
        asked = {"category": category, "everyone": True}
        for method in METHODS:
            yield {**asked, "method": method}
        for lon, lat in points:
            yield {**asked, "changes": [{"change": "add", "lon": lon, "lat": lat}]}
        for each in ids:
            yield {**asked, "changes": [{"change": "close", "site": each}]}


def list_of_analyses(unknown: str) -> dict[str, list[str]]:
    """Return what to send for parameters of analyses, as `list_values`."""
    return {"analyses.analysis": ["0" * 24], "analyses.run": [unknown]}
