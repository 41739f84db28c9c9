"""Every hour string that is known, read by us and by opening_hours.js; docs/checks/schedules.md."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.assets.schedules.columns import DAY_NAMES, read_weekday_columns
from app.assets.schedules.loose import read_hours
from app.assets.schedules.model import Schedule, ScheduleProblem
from app.assets.schedules.opening_hours import read_opening_hours
from app.assets.schedules.writing import CannotBeWritten, write_opening_hours
from tests.assets.schedules.reference_reader import (
    KINDS,
    PROJECT,
    Difference,
    compare,
    find_node,
    list_many_moments,
    list_some_moments,
    name_kind,
)
from tests.assets.schedules.specified_hours import HOURS

pytestmark = pytest.mark.skipif(find_node() is None, reason="there is no Node to ask")


def read(hours: str) -> Schedule | str:
    """Return what we read, or the sentence of our refusal."""
    try:
        return read_opening_hours(hours)
    except ScheduleProblem as problem:
        return str(problem)


def count_kinds(differences: Iterable[Difference]) -> Counter[str]:
    """Return how many hour strings differ, by kind; fail where one is not explained."""
    strings: defaultdict[str, set[str]] = defaultdict(set)
    for difference in differences:
        kind = name_kind(difference)
        assert kind is not None, difference
        strings[kind].add(difference.hours)
    return Counter({kind: len(found) for kind, found in strings.items()})


def test_hours_of_every_part_of_the_specification() -> None:
    given = [(hours, read(hours)) for hours in HOURS]
    counts = count_kinds(compare(given, list_many_moments()))
    assert set(counts) == set(KINDS)
    both = [hours for hours, ours in given if isinstance(ours, Schedule)]
    assert (len(given), len(both)) == (123, 107)


def test_hours_of_the_demonstration() -> None:
    with (PROJECT / "data/packs/demo/sites.csv").open(encoding="utf-8") as file:
        hours = {row["opening_hours"] for row in csv.DictReader(file)} - {""}
    given = [(text, read(text)) for text in sorted(hours)]
    counts = count_kinds(compare(given, list_many_moments()))
    assert counts == {"no school holidays": 3, "the sun": 1}


def read_warm_spaces(realdata: Path) -> list[Mapping[str, Any]]:
    """Return the hours of each warm space."""
    with gzip.open(realdata / "assets/warm_spaces_uk_2026_08.geojson.gz") as file:
        return [feature["properties"].get("hours") or {} for feature in json.load(file)["features"]]


@pytest.mark.realdata
def test_opening_hours_of_warm_spaces(realdata: Path) -> None:
    hours = sorted({row["opening"] for row in read_warm_spaces(realdata) if row.get("opening")})
    given = [(text, read(text)) for text in hours]
    counts = count_kinds(compare(given, list_some_moments()))
    assert len(given) == 3885
    assert counts == {
        "opens and closes at once": 54,
        "the night before": 13,
        "the hour of a clock change": 1,
    }


@pytest.mark.realdata
def test_hours_in_words_of_warm_spaces(realdata: Path) -> None:
    texts = {row["_text"] for row in read_warm_spaces(realdata) if (row.get("_text") or "").strip()}
    found = {text: read_hours(text) for text in texts}
    strictly = [text for text in texts if isinstance(read(" ".join(text.split())), Schedule)]
    known = {text: hours for text, hours in found.items() if hours is not None and hours.rules}
    counts = (len(texts), len(strictly), len(known) - len(strictly), len(texts) - len(known))
    assert counts == (5276, 3, 3698, 1575)
    written = sorted((write(hours), hours) for hours in known.values() if write(hours))
    assert len(written) == 3701
    assert set(count_kinds(compare(written, list_some_moments()))) <= {"no school holidays"}


@pytest.mark.realdata
def test_weekday_columns_of_libraries(realdata: Path) -> None:
    given: dict[str, Schedule | str] = {}
    for path in sorted((realdata / "assets").glob("libraries_*_schema.csv")):
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for row in csv.DictReader(file):
                cells = {day: row[f"{day} staffed hours"] for day in DAY_NAMES}
                schedule = read_weekday_columns(cells)
                if schedule is not None:
                    days = [f"{day[:2]} {text}" for day, text in cells.items() if text]
                    given["; ".join(days)] = schedule
    assert len(given) == 95
    assert count_kinds(compare(sorted(given.items()), list_some_moments())) == {}


def write(schedule: Schedule) -> str:
    """Return the schedule as opening_hours; empty where it has no words for it."""
    try:
        return write_opening_hours(schedule)
    except CannotBeWritten:
        return ""
