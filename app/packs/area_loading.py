"""The areas of a pack, read in the order in which its files need one another, and staged."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.areas.deriving import (
    MixedYearsError,
    assign_by_overlap,
    derive_weights,
    dissolve,
    mean_points,
    select_margin,
)
from app.areas.loading import AreaLoad, Centroid, NewArea, NewAreaType, NewLookup, NewPostcode
from app.geo.crs import parse_projected_crs, reproject, wgs84
from app.geo.overlaps import find_overlaps
from app.packs import people_reading, reading
from app.packs.area_entries import BoundaryEntry, CentroidEntry, LookupEntry, PopulationEntry
from app.packs.comparing import PeopleTotals
from app.packs.finding import FoundSource
from app.packs.manifest import Manifest, PackProblem
from app.packs.opening import CodeBook
from app.packs.parts import SetEntry
from app.packs.people_reading import AgeRange
from app.packs.progressing import Reporting
from app.packs.report import FileReport
from app.packs.topic_entries import DenominatorEntry

Key = tuple[str, int]

OVERLAPPING = "Areas of one kind and year whose outlines overlap:"

MEAN_OF_POSTCODES = "derived: mean of {count} postcodes inside"
"""How a centre was had; pages and API say so."""


class AreaLoading:
    """What is known of a pack's areas while its files are read one after the other.

    Attributes:
        people: People of every area in the population files, those of other places included.
        books: The codes of each boundary set.
    """

    def __init__(
        self, manifest: Manifest, found: dict[str, FoundSource], reporting: Reporting
    ) -> None:
        self.people: PeopleTotals = {}
        self.books: dict[Key, CodeBook] = {}
        self._manifest = manifest
        self._found = found
        self._reporting = reporting
        self._crs = parse_projected_crs(manifest.projected_crs)
        self._areas: dict[Key, list[NewArea]] = {}
        self._codes_by_name: dict[Key, dict[str, str]] = {}

    async def stage(self, load: AreaLoad) -> None:
        """Stage area types, areas, lookups, people, postcodes and scenery.

        Raises:
            PackProblem: Something cannot be used.
        """
        manifest = self._manifest
        await load.add_area_types(
            NewAreaType(kind.code, kind.name, kind.plural, kind.position, kind.publishing)
            for kind in manifest.area_types
        )
        await self._read_all_boundaries()
        for population in manifest.populations:
            await self._stage_population(load, population)
        postcodes = await self._read_all_postcodes()
        homes = self._place(postcodes)
        lookups = [await self._read_lookup(lookup, homes) for lookup in manifest.lookups]
        await self._stage_boundaries(load, await self._find_centroids(postcodes))
        for rows in lookups:
            await load.add_lookups(rows)
        for backdrop in manifest.backdrops:
            report = await self._reporting.begin(backdrop.source, "scenery")
            found = self._found[backdrop.source]
            shapes = await asyncio.to_thread(reading.read_backdrops, found, backdrop, report)
            await load.add_backdrops(shapes)
        await load.add_postcodes(postcodes)

    async def _read_all_boundaries(self) -> None:
        """Read outlines from files, then those of the margin, then unite small into large."""
        boundaries = self._manifest.boundaries
        for entry in boundaries:
            if not entry.margin and not entry.dissolve:
                self._areas[_key(entry)] = await self._read_boundary(entry)
        self._write_books()
        for entry in boundaries:
            if entry.margin:
                await self._add_margin(entry)
        self._write_books()
        waiting = [entry for entry in boundaries if entry.dissolve]
        while waiting:
            # The manifest was refused if they went round in a circle.
            ready = next(
                each for each in waiting if each.dissolve and _key(each.dissolve) in self._areas
            )
            waiting.remove(ready)
            areas = self._areas[_key(ready)] = await self._dissolve(ready)
            self._codes_by_name[_key(ready)] = _index_names(areas)
            self._write_books()

    async def _read_boundary(self, entry: BoundaryEntry) -> list[NewArea]:
        purpose = f"{entry.area_type} {entry.boundary_year}"
        report = await self._reporting.begin(entry.source, purpose)
        read = reading.read_cells if entry.cells else reading.read_areas
        found = self._found[entry.source]
        areas = await asyncio.to_thread(read, found, entry, self._crs, report)
        if entry.within:
            report = await self._reporting.begin(entry.within.source, f"which {purpose} to take")
            within = self._found[entry.within.source]
            codes = await asyncio.to_thread(reading.read_codes, within, entry.within, report)
            areas = [area for area in areas if area.code in codes]
            if not areas:
                raise PackProblem(
                    f"{report.file}: none of its codes is that of a {purpose}. Check `within`."
                )
        if not entry.margin:
            self._codes_by_name[_key(entry)] = _index_names(areas)
            doubled = await asyncio.to_thread(_name_overlaps, purpose, areas)
            self._reporting.find(OVERLAPPING, doubled)
        if entry.names:
            report = await self._reporting.begin(entry.names.source, f"names of {purpose}")
            named = self._found[entry.names.source]
            known = frozenset(area.code for area in areas)
            names = await asyncio.to_thread(reading.read_names, named, entry.names, known, report)
            areas = [area._replace(name=names.get(area.code, area.name)) for area in areas]
        return areas

    async def _add_margin(self, entry: BoundaryEntry) -> None:
        """Add the areas round the study area from a wider file."""
        margin_m = self._manifest.study_area.margin_m
        candidates = await self._read_boundary(entry)
        study = self._areas[_key(entry)]
        try:
            chosen = await asyncio.to_thread(select_margin, candidates, study, margin_m)
        except MixedYearsError as error:
            raise PackProblem(f"`boundaries` ({entry.source}): {error}") from None
        self._areas[_key(entry)] = study + chosen

    async def _dissolve(self, entry: BoundaryEntry) -> list[NewArea]:
        """Return larger areas, made of those of the study area that belong to each."""
        smaller = entry.dissolve
        if smaller is None:
            raise PackProblem(f"`boundaries` ({entry.source}): nothing to dissolve.")
        key = _key(smaller)
        report = await self._reporting.begin(
            entry.source, f"{entry.area_type} {entry.boundary_year} from {key[0]} {key[1]}"
        )
        members = await asyncio.to_thread(
            reading.read_members, self._found[entry.source], entry, self.books[key], report
        )
        inside = [area for area in self._areas[key] if area.in_study_area]
        try:
            return await asyncio.to_thread(dissolve, inside, members)
        except ValueError as error:
            raise PackProblem(f"{report.file}: {error}.") from None

    def _write_books(self) -> None:
        codes = {key: frozenset(area.code for area in areas) for key, areas in self._areas.items()}
        self.books = {
            key: CodeBook(
                f"{key[0]} {key[1]}",
                held,
                {year: other for (kind, year), other in codes.items()
                 if kind == key[0] and year != key[1]},
                self._codes_by_name.get(key),
            )
            for key, held in codes.items()
        }  # fmt: skip

    async def _stage_population(self, load: AreaLoad, entry: PopulationEntry) -> None:
        key = _key(entry)
        report = await self._reporting.begin(entry.source, f"people of {key[0]} {key[1]}")
        people = await asyncio.to_thread(
            people_reading.read_populations,
            self._found[entry.source], entry, self.books[key], self._wanted_ages(key), report,
        )  # fmt: skip
        held = self.people.setdefault(key, {})
        for ages, totals in people.totals.items():
            held.setdefault(ages, {}).update(totals)
        await load.add_populations(people.rows)

    def _wanted_ages(self, key: Key) -> set[AgeRange]:
        """Return the ages of which the people outside the place weigh something in this set."""
        whole = {(0, None)}
        ends = {_key(lookup.end) for lookup in self._manifest.lookups}
        wanted: set[AgeRange] = set(whole) if key in ends else set()
        for entry in self._manifest.indicators:
            if not entry.country_from_rows or all(_key(each) != key for each in entry.all_levels):
                continue
            stated = entry.denominator
            if stated == "people":
                wanted |= whole
            elif isinstance(stated, DenominatorEntry) and not stated.indicator:
                wanted.add((stated.people_from or 0, stated.people_to))
        return wanted

    def _place(self, postcodes: list[NewPostcode]) -> NDArray[np.object_]:
        """Return the postcodes' points in the pack's projected system."""
        points = np.array([each.location for each in postcodes], dtype=object)
        return reproject(points, wgs84(), self._crs) if postcodes else points

    async def _read_lookup(self, entry: LookupEntry, homes: NDArray[np.object_]) -> list[NewLookup]:
        """Return a lookup's rows: completed by overlap if wished, with a weight each."""
        start, end = _key(entry.start), _key(entry.end)
        purpose = f"{start[0]} {start[1]} {entry.kind} {end[0]} {end[1]}"
        report = await self._reporting.begin(entry.source, purpose)
        rows = await asyncio.to_thread(
            reading.read_lookup,
            self._found[entry.source], entry, self.books[start], self.books[end], report,
        )  # fmt: skip
        starts = [area for area in self._areas[start] if area.in_study_area]
        ends = self._areas[end]
        if entry.fill == "overlap":
            rows = await asyncio.to_thread(assign_by_overlap, starts, ends, rows, homes)
        elif entry.kind != "change" and not entry.partial:
            _require_cover(report, purpose, starts, rows)
        if entry.columns.weight is None:
            known = self.people.get(end, {}).get((0, None), {})
            rows = await asyncio.to_thread(derive_weights, rows, self._areas[start], ends, known)
            if entry.weight_basis:
                rows = [row._replace(method=row.method or entry.weight_basis) for row in rows]
        self._reporting.note_derived(
            purpose, [row for row in rows if row.method != entry.weight_basis]
        )
        reached = {row.to_code for row in rows}
        alone = [area.code for area in ends if area.in_study_area and area.code not in reached]
        self._reporting.find(f"Areas to which no row of {purpose} leads:", alone)
        return rows

    async def _read_all_postcodes(self) -> list[NewPostcode]:
        postcodes: list[NewPostcode] = []
        for entry in sorted(self._manifest.postcodes, key=lambda each: each.fill):
            purpose = "postcodes that the others do not hold" if entry.fill else "postcodes"
            report = await self._reporting.begin(entry.source, purpose)
            read = await asyncio.to_thread(
                people_reading.read_postcodes,
                self._found[entry.source], entry, self._manifest.postcode_ending, self._crs,
                report,
            )  # fmt: skip
            held = {each.postcode for each in postcodes} if entry.fill else frozenset()
            postcodes += [each for each in read if each.postcode not in held]
        return postcodes

    async def _find_centroids(self, postcodes: list[NewPostcode]) -> dict[Key, dict[str, Centroid]]:
        """Return the middles of areas by boundary set: from files, or from the postcodes."""
        centroids: dict[Key, dict[str, Centroid]] = {}
        for entry in self._manifest.centroids:
            key = _key(entry)
            held = centroids.setdefault(key, {})
            if entry.source:
                report = await self._reporting.begin(entry.source, f"centres of {key[0]} {key[1]}")
                read = await asyncio.to_thread(
                    people_reading.read_centroids,
                    self._found[entry.source], entry, self.books[key], self._crs, report,
                )  # fmt: skip
                held.update(read)
                continue
            means = await asyncio.to_thread(mean_points, self._areas[key], postcodes, self._crs)
            for code, (point, count) in means.items():
                held.setdefault(code, Centroid(point, MEAN_OF_POSTCODES.format(count=count)))
        return centroids

    async def _stage_boundaries(
        self, load: AreaLoad, centroids: dict[Key, dict[str, Centroid]]
    ) -> None:
        sources = {
            _key(entry): self._manifest.sources[entry.source].title
            for entry in reversed(self._manifest.boundaries)
            if not entry.margin
        }
        for key, areas in self._areas.items():
            await load.add_areas(*key, sources[key], areas, self._crs, centroids.get(key, {}))
        self._areas.clear()  # staged now, and a country's outlines are hundreds of megabytes


def _index_names(areas: list[NewArea]) -> dict[str, str]:
    """Return codes by name; a name of several areas stands for none of them."""
    times = Counter(area.name for area in areas)
    return {area.name: area.code if times[area.name] == 1 else "" for area in areas}


def _name_overlaps(purpose: str, areas: list[NewArea]) -> list[str]:
    """Return each two areas of a set that lie over each other, and how far."""
    found = find_overlaps(np.array([area.boundary for area in areas], dtype=object))
    return [
        f"{purpose} {areas[one].code} and {areas[other].code} ({share:.0%})"
        for one, other, share in found
    ]


def _key(entry: SetEntry | BoundaryEntry | PopulationEntry | CentroidEntry) -> Key:
    return entry.area_type, entry.boundary_year


def _require_cover(
    report: FileReport, purpose: str, starts: list[NewArea], rows: Iterable[NewLookup]
) -> None:
    """Refuse a lookup that leaves out areas of the place.

    Raises:
        PackProblem: It does; what they add up to would be short.
    """
    named = {row.from_code for row in rows}
    left_out = sorted(area.code for area in starts if area.code not in named)
    if left_out:
        raise PackProblem(
            f"{report.file} ({purpose}) leaves out {len(left_out):,} of {len(starts):,} areas, "
            f'such as {", ".join(left_out[:3])}. Add them; or say `fill = "overlap"`, and they go '
            "where they overlap most; or `partial = true`, and they belong nowhere."
            + "".join(f" Row {item.row}: {item.reason}." for item in report.rejections[:2])
        )
