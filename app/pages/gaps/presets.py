"""Questions that are asked often, each with where its distance comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.pages.said import mark_sentence


@dataclass(frozen=True)
class Preset:
    """A question to begin with; it holds for any place that has the category.

    Attributes:
        code: Its own name.
        question: As people ask it.
        says: What is counted, in plain words.
        source: Where the distance comes from.
        asked: The query it stands for.
    """

    code: str
    question: str
    says: str
    source: str
    asked: Mapping[str, str]


PRESETS: Sequence[Preset] = (
    Preset(
        "warm-spaces-65",
        mark_sentence("Who over 65 is far from a warm space?"),
        mark_sentence("People aged 65 and over who live more than an 800 m walk away."),
        mark_sentence(
            "800 m there is half of the twenty-minute round trip of the 20-minute neighbourhood: "
            "Town and Country Planning Association, 2021."
        ),
        {"category": "warm-space", "people": "65-", "distance": "800", "travel": "walked"},
    ),
    Preset(
        "libraries",
        mark_sentence("Who is far from a library?"),
        mark_sentence("Everybody who lives more than a mile (1.6 km) away in a straight line."),
        mark_sentence(
            "One mile is the shorter distance of the first Public Library Service Standard, which "
            "asked for a share of households within it by kind of authority: Department for "
            "Culture, Media and Sport, 2008; no longer in force."
        ),
        {"category": "library", "people": "all", "distance": "1609.344", "travel": "straight"},
    ),
    Preset(
        "pharmacies",
        mark_sentence("Who is far from a pharmacy?"),
        mark_sentence("Everybody who lives more than 1.6 km away in a straight line."),
        mark_sentence(
            "1.6 km in a straight line stood for a twenty-minute walk in Todd and others, "
            "BMJ Open, 2014."
        ),
        {"category": "pharmacy", "people": "all", "distance": "1600", "travel": "straight"},
    ),
)
"""In the order in which they are offered, where the place has the category."""
