"""What is measured: the indicators, in the order in which they are listed."""

from dataclasses import dataclass
from typing import Final

BAD: Final = "high is bad"
GOOD: Final = "high is good"
# Boundary year of each deprivation release, and the year it is named by.
RELEASES: Final = ((2021, "2025"), (2011, "2019"))


@dataclass(frozen=True)
class Domain:
    """One of the seven domains of deprivation.

    Attributes:
        id: Start of its indicators' ids.
        name: Its name.
        weight: Its share of the overall score.
        follows: Correlation of its hidden score with that of income.
        middle: Score of an average neighbourhood.
        spread: How far scores reach; above 0 with `shares` a share between 0 and 1.
        shares: Whether the score is a share of people.
    """

    id: str
    name: str
    weight: float
    follows: float
    middle: float
    spread: float
    shares: bool


@dataclass(frozen=True)
class Rate:
    """A share or rate of people.

    Attributes:
        id: Its id.
        name: Its name.
        unit: "%" or "per 1,000".
        area_type: "lsoa" or "msoa".
        period: Year or years that it describes.
        denominator: Words for whom it is a share of.
        bands: First and last (exclusive) age band counted.
        follows: Correlation of its hidden score with income deprivation.
        middle: Share in an average area, between 0 and 1.
        spread: Change of the log odds for one standard deviation.
        persons: Denominator for each person counted, such as households for each person.
        topic: Under what it is listed.
    """

    id: str
    name: str
    unit: str
    area_type: str
    period: str
    denominator: str
    bands: tuple[int, int]
    follows: float
    middle: float
    spread: float
    persons: float = 1.0
    topic: str = "Health"


DOMAINS: Final = (
    Domain("income", "Income deprivation", 0.225, 1.0, 0.125, 0.62, shares=True),
    Domain("employment", "Employment deprivation", 0.225, 0.94, 0.095, 0.58, shares=True),
    Domain("education", "Education and skills deprivation", 0.135, 0.86, 22.0, 13.0, shares=False),
    Domain("health", "Health deprivation and disability", 0.135, 0.87, 0.1, 0.8, shares=False),
    Domain("crime", "Crime", 0.093, 0.68, 0.0, 0.75, shares=False),
    Domain("barriers", "Barriers to housing and services", 0.093, -0.28, 21.0, 8.0, shares=False),
    Domain("living", "Living environment deprivation", 0.093, 0.42, 20.0, 11.0, shares=False),
)
RATES: Final = (
    Rate("child_poverty", "Children in low-income families", "%", "lsoa", "2025",
         "children under 16", (0, 1), 0.93, 0.22, 0.62, topic="Living"),
    Rate("no_car", "Households without a car or van", "%", "lsoa", "2021",
         "households", (0, 6), 0.82, 0.24, 0.60, 0.43, topic="Living"),
    Rate("alone_65", "People of 65 and over who live alone", "%", "lsoa", "2021",
         "people aged 65 and over", (4, 6), 0.46, 0.31, 0.24, topic="People"),
    Rate("fuel_poverty", "Households in fuel poverty", "%", "lsoa", "2024",
         "households", (0, 6), 0.66, 0.12, 0.34, 0.43, topic="Living"),
    Rate("long_term_illness", "People with a long-term illness that limits their day", "%", "lsoa",
         "2021", "people", (0, 6), 0.70, 0.18, 0.24),
    Rate("falls_65", "Emergency admissions for falls at 65 and over", "per 1,000", "lsoa",
         "2022 to 2025", "people aged 65 and over", (4, 6), 0.35, 0.07, 0.22),
    Rate("smoking", "Adults who smoke", "%", "msoa", "2024", "people aged 16 and over", (1, 6),
         0.79, 0.135, 0.34),
    Rate("copd", "People with chronic obstructive pulmonary disease", "%", "msoa", "2024 to 2025",
         "people of all ages", (0, 6), 0.72, 0.021, 0.30),
    Rate("obesity_y6", "Children in year 6 who live with obesity", "%", "msoa", "2023 to 2025",
         "children measured", (0, 1), 0.74, 0.23, 0.24, 0.19),
    Rate("depression", "Adults with recorded depression", "%", "msoa", "2024 to 2025",
         "people aged 16 and over", (1, 6), 0.55, 0.135, 0.20),
    Rate("loneliness", "Adults who often or always feel lonely", "%", "msoa", "2024",
         "people aged 16 and over", (1, 6), 0.62, 0.072, 0.24, 0.05, topic="Wellbeing"),
)  # fmt: skip
MISSING: Final = ("loneliness", "Not published: too few people answered the survey here")
SUPPRESSED: Final = ("falls_65", "Suppressed: fewer than 5 people")
