"""The invented town's figures, streets, organisations and assets: believable, and safe."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

PACK = Path(__file__).parents[3] / "data" / "packs" / "demo"
REFERENCE = PACK.parents[1] / "reference" / "taxonomy" / "categories.csv"
# Ranges that Ofcom keeps for drama.
DRAMA = re.compile(r"01632960\d{3}|07700900\d{3}|08081570\d{3}")
WEIGHTS = {
    "income": 0.225,
    "employment": 0.225,
    "education": 0.135,
    "health": 0.135,
    "crime": 0.093,
    "barriers": 0.093,
    "living": 0.093,
}
HARD_CASES = (
    "hidden, findable", "hidden, not findable", "area only", "register address only",
    "served areas only", "online only", "phone only", "past its confirmation date",
    "several sites", "several categories", "no organisation", "a place that is the place",
    "meets at a place", "term-time only", "ends after midnight", "everything not stated",
    "near-duplicate, first", "near-duplicate, second", "takedown candidate", "alert",
    "translated name", "registered outside the study area",
)  # fmt: skip


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    return pd.read_csv(PACK / "indicator_values.csv.gz")


@pytest.fixture(scope="module")
def assets() -> pd.DataFrame:
    return pd.read_csv(PACK / "assets.csv")


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    return pd.read_csv(PACK / "sites.csv", dtype={"phone": str})


@pytest.fixture(scope="module")
def organisations() -> pd.DataFrame:
    return pd.read_csv(PACK / "organisations.csv", dtype={"phone": str})


def figure(values: pd.DataFrame, indicator: str) -> pd.Series:
    """Values of one indicator by area code."""
    return values[values["indicator_id"] == indicator].set_index("area_code")["value"]


def income_by_district(values: pd.DataFrame) -> pd.Series:
    """Income deprivation of each district, weighted by people."""
    ages = pd.read_csv(PACK / "populations.csv.gz")
    people = ages[ages["boundary_year"] == 2021].groupby("area_code")["people"].sum()
    income = figure(values, "income_score_2025")
    above = pd.read_csv(PACK / "lookup_lsoa_2021_msoa_2021.csv", index_col=0)["to_code"]
    poor = (income * people).groupby(above).sum()
    return poor / people.groupby(above).sum()


@pytest.mark.parametrize("period", ["2025", "2019"])
def test_overall_deprivation_follows_from_the_ranks_of_its_domains(
    values: pd.DataFrame, period: str
) -> None:
    score = figure(values, f"deprivation_score_{period}")
    expected = pd.Series(0.0, index=score.index)
    for domain, weight in WEIGHTS.items():
        rank = figure(values, f"{domain}_rank_{period}")
        assert sorted(rank) == list(range(1, len(rank) + 1))
        share = (len(rank) - rank + 1) / len(rank)
        expected += weight * -23 * np.log(1 - share * (1 - np.exp(-100 / 23)))
    assert (score - expected).abs().max() < 0.0006
    rank = figure(values, f"deprivation_rank_{period}")
    assert score[rank == 1].tolist() == [score.max()]
    decile = figure(values, f"deprivation_decile_{period}")
    assert set(decile) == set(range(1, 11))
    assert decile[rank == 1].tolist() == [1]


@pytest.mark.parametrize(
    ("indicator", "low", "high"),
    [
        ("employment_score_2025", 0.88, 0.98),
        ("health_score_2025", 0.78, 0.92),
        ("crime_score_2025", 0.55, 0.78),
        ("living_score_2025", 0.30, 0.55),
        ("barriers_score_2025", -0.40, -0.15),
        ("child_poverty", 0.85, 0.97),
        ("no_car", 0.72, 0.90),
        ("alone_65", 0.30, 0.60),
        ("fuel_poverty", 0.55, 0.80),
        ("long_term_illness", 0.58, 0.80),
        ("falls_65", 0.20, 0.50),
    ],
)
def test_figures_of_neighbourhoods_follow_income_as_real_ones_do(
    values: pd.DataFrame, indicator: str, low: float, high: float
) -> None:
    income = figure(values, "income_score_2025")
    assert low < income.corr(figure(values, indicator)) < high


@pytest.mark.parametrize(
    ("indicator", "low", "high"),
    [
        ("smoking", 0.6, 0.85),
        ("copd", 0.6, 0.85),
        ("obesity_y6", 0.6, 0.85),
        ("depression", 0.4, 0.7),
        ("loneliness", 0.4, 0.75),
        ("life_expectancy_f", -0.85, -0.6),
    ],
)
def test_figures_of_districts_follow_income_as_real_ones_do(
    values: pd.DataFrame, indicator: str, low: float, high: float
) -> None:
    assert low < income_by_district(values).corr(figure(values, indicator)) < high


def test_one_figure_is_missing_and_one_suppressed_each_with_a_reason(values: pd.DataFrame) -> None:
    odd = values[values["status"].notna()]
    assert sorted(odd["status"]) == ["missing", "suppressed"]
    assert odd["note"].notna().all()
    assert values["value"].isna().sum() == 2
    assert odd[["value", "lower", "upper", "numerator", "denominator"]].isna().all(axis=None)


def test_limits_enclose_their_figure(values: pd.DataFrame) -> None:
    limited = values[values["lower"].notna()]
    assert limited["indicator_id"].nunique() == 12
    assert (limited["lower"] <= limited["value"]).all()
    assert (limited["value"] <= limited["upper"]).all()


def test_every_figure_belongs_to_a_listed_indicator(values: pd.DataFrame) -> None:
    listed = tomllib.loads((PACK / "pack.toml").read_text())["indicators"]
    assert set(values["indicator_id"]) == {entry["where"]["indicator_id"] for entry in listed}
    assert [entry["code"] for entry in listed] == list(values["indicator_id"].unique())
    assert {entry["polarity"] for entry in listed} == {"high is bad", "high is good"}
    assert {entry["source"] for entry in listed} == {"indicator_values"}


def test_an_indicator_is_said_to_be_what_its_figures_are(values: pd.DataFrame) -> None:
    """A share or rate is `per` times its own fraction; ranks and deciles are of their score."""
    for entry in tomllib.loads((PACK / "pack.toml").read_text())["indicators"]:
        rows = values[values["indicator_id"] == entry["code"]].dropna(subset="value")
        year = entry["boundary_year"]
        areas = pd.read_csv(PACK / f"lookup_lsoa_{year}_msoa_{year}.csv")
        codes = areas["from_code" if entry["area_type"] == "lsoa" else "to_code"]
        assert set(rows["area_code"]) <= set(codes), entry["code"]
        if entry["measure"] in {"share", "rate"}:
            worked_out = entry["per"] * rows["numerator"] / rows["denominator"]
            assert (rows["value"] - worked_out).abs().max() < 0.006, entry["code"]
        if entry["measure"] in {"rank", "decile"}:
            ranked = figure(values, entry["ranks"])
            own = figure(values, entry["code"])
            assert ranked.rank().corr(own.rank()) < -0.98, entry["code"]


def test_streets_are_connected_and_cross_the_river_once() -> None:
    edges = pd.read_csv(PACK / "street_edges.csv.gz")
    nodes = pd.read_csv(PACK / "street_nodes.csv.gz")
    assert set(chain(edges["from_node"], edges["to_node"])) == set(nodes["node_id"])
    assert set(edges["kind"]) == {"street", "footway", "steps", "bridge"}
    assert len(edges) < 6000
    assert parts(edges) == [len(nodes)]
    apart = parts(edges[edges["kind"] != "bridge"])
    assert len(apart) == 2
    assert min(apart) > 500
    landings = edges[edges["name"].fillna("").str.startswith("Ferry landing")]
    assert landings["name"].nunique() == 2


def parts(edges: pd.DataFrame) -> list[int]:
    """Sizes of the connected parts of a network."""
    near: dict[int, list[int]] = {}
    for start, end in zip(edges["from_node"].tolist(), edges["to_node"].tolist(), strict=True):
        near.setdefault(start, []).append(end)
        near.setdefault(end, []).append(start)
    sizes, seen = [], set()
    for node in near:
        if node in seen:
            continue
        queue = [node]
        seen.add(node)
        for here in queue:
            fresh = [other for other in near[here] if other not in seen]
            seen.update(fresh)
            queue.extend(dict.fromkeys(fresh))
        sizes.append(len(queue))
    return sizes


def test_street_lengths_agree_with_their_ends() -> None:
    edges = pd.read_csv(PACK / "street_edges.csv.gz")
    nodes = pd.read_csv(PACK / "street_nodes.csv.gz").set_index("node_id")
    a, b = (nodes.loc[edges[end]].to_numpy() for end in ("from_node", "to_node"))
    straight = np.hypot(*((a - b) * np.array([65_700.0, 111_300.0])).T)
    assert (edges["length_m"] > 0.98 * straight - 1).all()
    assert edges["length_m"].max() < 800


@pytest.mark.parametrize("case", HARD_CASES)
def test_every_hard_case_is_there(
    assets: pd.DataFrame, organisations: pd.DataFrame, case: str
) -> None:
    notes = pd.concat([assets["note"], organisations["note"]]).dropna()
    assert notes.str.startswith("Hard case: ").all()
    assert notes.str.contains(case, regex=False).any()


def test_hard_cases_are_what_they_say(assets: pd.DataFrame, sites: pd.DataFrame) -> None:
    both = sites.merge(assets, on="asset_id", suffixes=("_site", ""))

    def case(words: str) -> pd.DataFrame:
        return both[both["note"].fillna("").str.contains(words, regex=False)]

    assert set(case("hidden")["visibility_site"]) == {"hidden"}
    assert set(case("hidden")["findable"]) == {"yes", "no"}
    assert case("register address only")["role"].tolist() == ["registered"]
    assert case("several sites")["site_id"].nunique() == 4
    assert case("online only")["lon"].isna().all()
    assert case("ends after midnight")["opening_hours"].tolist() == ["Fr,Sa 22:00-03:30"]
    assert case("term-time only")["term_time_only"].tolist() == ["yes"]
    assert case("no organisation")["organisation_id"].isna().all()
    hall = case("a place that is the place")["asset_id"].iloc[0]
    assert (sites["place_asset_id"] == hall).sum() >= 4
    assert (case("past its confirmation date")["confirmed_until"] < "2026-01-01").all()


def test_every_reference_leads_somewhere(
    assets: pd.DataFrame, sites: pd.DataFrame, organisations: pd.DataFrame
) -> None:
    assert set(assets["organisation_id"].dropna()) <= set(organisations["organisation_id"])
    assert set(sites["asset_id"]) == set(assets["asset_id"])
    assert set(sites["place_asset_id"].dropna()) <= set(assets["asset_id"])
    categories = pd.read_csv(PACK / "categories.csv")
    used = set(chain.from_iterable(assets["category_ids"].str.split(";")))
    reference = pd.read_csv(REFERENCE).set_index("code")
    assert used <= set(reference.index)
    assert not used & set(reference.index[reference["broader"].isna()])  # no asset is just "food"
    assert not set(categories["code"]) & set(reference.index)
    assert set(categories["broader"]) <= set(reference.index)
    codes = set(pd.read_csv(PACK / "lookup_lsoa_2021_msoa_2021.csv")["to_code"])
    codes |= set(pd.read_csv(PACK / "lookup_ward_2025_authority_2025.csv")["to_code"])
    assert set(chain.from_iterable(sites["served_areas"].dropna().str.split(";"))) <= codes


def test_a_visitor_can_tell_where_each_site_is(sites: pd.DataFrame) -> None:
    by_mode = sites.groupby("mode")
    assert set(by_mode.groups) == {"address", "place", "served areas", "online", "phone"}
    assert by_mode.get_group("address")[["lon", "lat", "address"]].notna().all(axis=None)
    assert by_mode.get_group("place")["place_asset_id"].notna().all()
    assert by_mode.get_group("served areas")["served_areas"].notna().all()


def test_nobody_real_is_rung_or_written_to(
    sites: pd.DataFrame, organisations: pd.DataFrame
) -> None:
    phones = pd.concat([sites["phone"], organisations["phone"]]).dropna().str.replace(" ", "")
    assert phones.map(lambda number: bool(DRAMA.fullmatch(number))).all()
    emails = pd.concat([sites["email"], organisations["email"]]).dropna()
    assert emails.str.fullmatch(r"[a-z0-9.-]+@example\.org").all()
    assert organisations["url"].dropna().str.fullmatch(r"https://[a-z0-9-]+\.example\.org").all()


def test_names_are_not_repeated(assets: pd.DataFrame, organisations: pd.DataFrame) -> None:
    assert assets["name"].is_unique
    assert organisations["name"].is_unique
    assert set(organisations["legal_form"]) == {
        "informal group", "charity", "CIC", "co-operative", "community benefit society",
        "community land trust", "public body", "business",
    }  # fmt: skip


def test_provision_runs_against_need_but_for_food_banks(
    assets: pd.DataFrame, sites: pd.DataFrame, values: pd.DataFrame
) -> None:
    own = sites[sites["lon"].notna()].set_index("asset_id")[["postcode"]]
    where = sites.set_index("asset_id")["place_asset_id"].dropna()
    own = own[~own.index.duplicated()]
    hosted = own.reindex(where).set_index(where.index)
    at = pd.concat([own, hosted])["postcode"].dropna().str.upper().str.replace(" ", "")
    codes = pd.read_csv(PACK / "postcodes.csv.gz")
    codes["postcode"] = codes["postcode"].str.upper().str.replace(" ", "")
    area = at[~at.index.duplicated()].map(codes.set_index("postcode")["area_code"])
    need = area.map(figure(values, "deprivation_decile_2025"))
    first = assets.set_index("asset_id")["category_ids"].str.split(";").str[0]
    in_need = need.groupby(first).apply(lambda deciles: float((deciles <= 3).mean()))
    # Without a lean either way a category would have about 3 in 10 in these deciles.
    for category in ("youth-club", "lunch-club", "walking", "sports-club", "older-social"):
        assert in_need[category] < 0.3, category
    assert in_need["food-bank"] > 0.4
