"""What a stranger would ask the page of gaps; part of `tests/strangers.py`."""

from collections.abc import Sequence

PATHS = ("/gaps", "/gaps/figures", "/gaps/table.csv", "/gaps/try")


def list_of_gaps(district: str, ids: Sequence[str], points: Sequence[str]) -> dict[str, list[str]]:
    """Return what to send for each parameter of the page.

    Args:
        district: Code of the publishing area where everything is.
        ids: Of secret things.
        points: Longitude and latitude of secret places.
    """
    here = points[0].replace(",", "_")
    moves = [f"add_{here}", f"move_{ids[0]}_{here}"]
    return {
        "gaps.changes": [*(f"close_{each}" for each in ids), *moves],
        "gaps.shown": ["now"],
        "gaps.result": ["0" * 24],
        "gaps.number": ["1"],
        "gaps.site": list(ids),
        "gaps.where": list(points),
        "gaps.holds": ["5"],
        "gaps.people": ["all", "65-"],
        "gaps.need": ["deprivation_score_2025"],
        "gaps.distance": ["100"],
        "gaps.travel": ["walked"],
        "gaps.measure": ["e2sfca"],
        "gaps.sort": ["far"],
        "gaps.area": [district],
        "people": ["all"],
        "from_age": ["65"],
        "to_age": ["74"],
        "need": ["deprivation_score_2025"],
        "distance": ["100"],
        "travel": ["walked"],
        "measure": ["e2sfca"],
        "kernel": ["binary"],
        "standard": ["1"],
        "detour": ["1.3"],
        "speed": ["4.8"],
    }


def ask_gaps(categories: Sequence[str], ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    """Return questions of every category, by distance and by supply, for each of the addresses.

    On the page itself, also what if something that may be secret closed.
    """
    asked = {
        path: [
            {"category": category, "people": "all", "area_type": "msoa", "measure": measure}
            for category in categories
            for measure in ("coverage", "e2sfca")
        ]
        for path in PATHS
    }
    asked["/gaps"] += [
        {"category": categories[0], "people": "all", "changes": f"close_{each}"} for each in ids
    ]
    return asked
