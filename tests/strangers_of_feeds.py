"""What strangers ask of the feeds of what is near."""

from collections.abc import Sequence


def ask_feeds(
    points: Sequence[tuple[float, float]],
    words: Sequence[str],
    area: str,
    authority: str,
    categories: Sequence[str],
) -> dict[str, list[dict[str, str]]]:
    """Return parameters that mean most together, by path; points are longitude and latitude."""
    near = [f"{lon},{lat}" for lon, lat in points]
    asked = [
        *({"near": point, "within": "25km", "category": "hall"} for point in near),
        *({"near": near[0], "q": word} for word in words),
        *({"place": area, "category": each} for each in categories),
        *({"place": authority, "q": word} for word in words),
    ]
    return {"/near.rss": asked, "/near.ics": asked}
