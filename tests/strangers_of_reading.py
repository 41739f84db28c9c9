"""What a stranger sends to the pages on which things are read."""

from collections.abc import Sequence


def list_of_reading(words: Sequence[str]) -> dict[str, list[str]]:
    """Return what to send for each parameter of these pages, as `strangers.list_values` does."""
    return {
        "slug": ["listing", *words],
        "sitemaps.kind": ["assets", "organisations", "areas", "words"],
        "number": ["1"],
    }
