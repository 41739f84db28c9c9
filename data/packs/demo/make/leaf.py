"""The shape of a category's recipe: how many of it, where, by whom, in which words."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Leaf:
    """One category and how its assets are made up.

    Attributes:
        id: Code of the category, in the reference set.
        count: How many assets to make.
        kind: "place", "activity", "service" or "resource".
        lean: Where they stand: "old town", "away from need", "toward need" or "even".
        host: "own" for an address of its own, "place" for a room in another asset, "served" for
            the areas it serves.
        forms: Legal forms of who runs it; "none" for nobody.
        names: Name patterns: {area}, {street}, {saint} are filled in.
        lines: First sentences of a description.
        extras: Second sentences, one or none of which is added.
        hours: OSM opening_hours.
        costs: Words such as "free", "not stated", "£2.50" or "£3 suggested".
        ages: Pairs of lowest and highest age; None for no limit.
        capacity: Least and most places a week; (0, 0) for not stated.
        more: Further categories that some of them carry.
    """

    id: str
    count: int
    kind: str
    lean: str
    host: str
    forms: tuple[str, ...]
    names: tuple[str, ...]
    lines: tuple[str, ...]
    extras: tuple[str, ...]
    hours: tuple[str, ...]
    costs: tuple[str, ...] = ("free",)
    ages: tuple[tuple[int | None, int | None], ...] = ((None, None),)
    capacity: tuple[int, int] = (0, 0)
    more: tuple[str, ...] = field(default=())
