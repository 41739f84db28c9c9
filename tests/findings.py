"""The findings that `/gaps` offers to begin with, as the API is asked for them and as counted."""

from typing import Any

import pytest

from app.pages.gaps.presets import Preset


def ask_as(preset: Preset) -> dict[str, Any]:
    """Return a preset as it is asked of the API."""
    asked = preset.asked
    said: dict[str, Any] = {
        "category": asked["category"],
        "method": "coverage",
        "catchment_m": float(asked["distance"]),
        "travel": asked["travel"],
    }
    if asked["people"] == "all":
        return {**said, "everyone": True}
    return {**said, "from_age": int(asked["people"].removesuffix("-"))}


def check_finding(found: dict[str, Any], answer: dict[str, Any]) -> None:
    """Check that a notebook counted what the service counted, area by area."""
    figures = answer["areas"]
    assert found["codes"] == figures["codes"]
    beyond = [
        people - covered
        for people, covered in zip(figures["people"], figures["covered"], strict=True)
    ]
    assert found["beyond_of_areas"] == pytest.approx(beyond, abs=1e-6)
    assert found["people"] == pytest.approx(answer["people"])
    assert found["beyond"] == pytest.approx(answer["people"] - answer["covered"])
    # Distances are told to a decimetre.
    assert found["straight_m"] == pytest.approx(figures["distance_m"], abs=0.051)
