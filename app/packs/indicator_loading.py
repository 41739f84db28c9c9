"""The indicators of a pack, read source by source, and staged."""

import asyncio

from app.indicators.loading import IndicatorLoad, NewComparator, NewSeries
from app.packs.comparing import PeopleTotals, work_out_country
from app.packs.finding import FoundSource
from app.packs.manifest import Manifest
from app.packs.measures import GroupRead, SeriesRead, group_wishes, make_indicator, read_group
from app.packs.opening import CodeBook
from app.packs.progressing import Reporting


class IndicatorLoading:
    """Reads the indicators' files and hands their series over."""

    def __init__(
        self,
        manifest: Manifest,
        found: dict[str, FoundSource],
        books: dict[tuple[str, int], CodeBook],
        people: PeopleTotals,
        reporting: Reporting,
    ) -> None:
        self._manifest = manifest
        self._found = found
        self._books = books
        self._people = people
        self._reporting = reporting
        self._counts: dict[str, dict[str, float]] = {}
        self._gaps: list[str] = []
        self._compared: set[tuple[str, ...]] = set()
        self._entries = {entry.code: entry for entry in manifest.indicators}

    async def stage(self, load: IndicatorLoad) -> None:
        """Stage the catalogue, every series, what they are compared with, and larger areas.

        Raises:
            PackProblem: Something cannot be used.
        """
        await load.add_indicators(
            make_indicator(self._manifest, entry, position)
            for position, entry in enumerate(self._manifest.indicators, 1)
        )
        for source, wishes in group_wishes(self._manifest):
            report = await self._reporting.begin(source, "indicators")
            read = await asyncio.to_thread(
                read_group,
                self._found[source], wishes, self._books, self._manifest.country, report,
            )  # fmt: skip
            await self._stage_group(load, read)
        self._reporting.find("Series without a value for some areas of the place:", self._gaps)
        await self._reporting.tell("Working out larger areas")
        sentences = [note.sentence for note in await load.aggregate()]
        self._reporting.find("Not worked out for larger areas:", list(dict.fromkeys(sentences)))

    async def _stage_group(self, load: IndicatorLoad, read: GroupRead) -> None:
        comparators = list(read.comparators)
        for key, series in read.series.items():
            if series.values:
                count = await load.add_series(key, series.values)
                if count.without_value:
                    self._gaps.append(f"{_name(key)}: {count.without_value:,}")
            comparators += self._work_out_country(key, series)
        await load.add_comparators(each for each in comparators if self._is_first(each))

    def _is_first(self, comparator: NewComparator) -> bool:
        """Whether the country has no such value yet.

        What is published comes before what is worked out, and the level that the manifest names
        first before the others: a country has one value, of however many levels a file tells.
        """
        key = (*comparator[:5], comparator.code)
        is_first = key not in self._compared
        self._compared.add(key)
        return is_first

    def _work_out_country(self, key: NewSeries, series: SeriesRead) -> list[NewComparator]:
        country = self._manifest.country
        if country is None or not series.everywhere:
            return []
        self._counts.setdefault(key.indicator, {}).update(
            {code: value for code, (value, _, _) in series.everywhere.items() if value is not None}
        )
        entry = self._entries[key.indicator]
        made = work_out_country(entry, key, series, self._people, self._counts, country)
        return [made] if made else []


def _name(key: NewSeries) -> str:
    parts = (key.indicator, key.period, key.sex, key.age)
    return f"{' '.join(part for part in parts if part)} ({key.area_type} {key.boundary_year})"
