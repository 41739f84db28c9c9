"""Telling how far a load is, and writing its report."""

from collections import Counter

from app.areas.loading import NewLookup
from app.packs.finding import FoundSource, Progress
from app.packs.manifest import Manifest
from app.packs.report import MOST_NAMED, FileReport, Finding, LoadReport

SENTENCES = {
    "lookup_unknown": "Areas that a lookup names and no boundary file holds:",
    "lookup_uncovered": "Areas of the place that a lookup leaves out:",
    "people_of_nowhere": "Areas that have people and no boundary:",
    "without_people": "Areas without a population:",
    "publishing_too_small": "Areas of the publishing level with under 1,000 people:",
    "weights": "Areas whose lookup weights do not add up to 1:",
    "postcode_outside": "Postcodes left out, since they lie outside the place and its margin:",
    "indicator_unknown": "Indicators that values name and the catalogue does not:",
    "indicator_without_values": "Indicators without a single value:",
    "value_outside_limits": "Values that lie outside their own confidence limits:",
    "denominator_unknown": "Indicators whose denominator is not known here:",
}


class Reporting:
    """Opens the report of each file that is read, and tells how far the load is."""

    def __init__(
        self,
        manifest: Manifest,
        found: dict[str, FoundSource],
        report: LoadReport,
        progress: Progress,
    ) -> None:
        self._found = found
        self._report = report
        self._progress = progress
        tables = (
            manifest.boundaries, manifest.lookups, manifest.populations, manifest.postcodes,
            manifest.backdrops, manifest.categories,
            manifest.organisations, manifest.assets, manifest.sites,
            [entry for entry in manifest.centroids if entry.source],
            [entry.names for entry in manifest.boundaries if entry.names],
            [entry.within for entry in manifest.boundaries if entry.within],
            {entry.source for entry in manifest.indicators},
        )  # fmt: skip
        self._all = sum(len(table) for table in tables)

    async def begin(self, source: str, purpose: str) -> FileReport:
        """Return the report to fill in while a source is read for `purpose`."""
        paths = self._found[source].paths
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        name = f"{paths[0].name}{more}"
        await self._progress(f"Reading {name}: {purpose}", len(self._report.files), self._all)
        self._report.files.append(FileReport(file=name, purpose=purpose))
        return self._report.files[-1]

    async def tell(self, step: str) -> None:
        """Tell a step of which nobody knows how long it takes."""
        await self._progress(step, self._all, self._all)

    def find(self, sentence: str, examples: list[str], count: int | None = None) -> None:
        """Write down what does not add up, or was worked out; nothing where there is none."""
        number = len(examples) if count is None else count
        if number:
            named = examples[:MOST_NAMED]
            self._report.findings.append(Finding(sentence=sentence, count=number, examples=named))

    def find_all(self, found: dict[str, list[str]]) -> None:
        """Write down what the checks of the staged areas found."""
        for name, examples in found.items():
            self.find(SENTENCES[name], examples)

    def note_derived(self, purpose: str, rows: list[NewLookup]) -> None:
        """Write down which rows of a lookup were worked out, by how."""
        methods = Counter(row.method for row in rows if row.method)
        for method, count in sorted(methods.items()):
            examples = [f"{row.from_code} to {row.to_code}" for row in rows if row.method == method]
            self.find(f"Lookup {purpose}, rows worked out {method}:", examples, count)
