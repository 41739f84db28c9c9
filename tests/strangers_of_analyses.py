"""What a stranger would ask analyses for; part of `tests/strangers.py`."""

from collections.abc import Iterator, Sequence
from typing import Any

METHODS = ("e2sfca", "nearest", "container")
"""They measure differently: shares of supply, distances, what lies inside."""


def list_analyses(categories: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield analyses of every category."""
    for category in categories:
        for method in METHODS:
            yield {"category": category, "method": method, "everyone": True}
