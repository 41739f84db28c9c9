"""What a load found: told to whoever loads, and kept with the pack."""

import resource
from dataclasses import dataclass, field

from pydantic import BaseModel

MOST_NAMED = 50
"""Rows and areas named one by one; beyond this only their number is told."""


def measure_peak_mb() -> float:
    """Return the most memory this process has used so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux


class Rejection(BaseModel):
    """A row that was not loaded, or only after repair, and why."""

    row: int
    reason: str


@dataclass(slots=True)
class FileReport:
    """What became of the rows of one file, as one table of the manifest reads it.

    Attributes:
        file: Its name.
        purpose: What was read from it, in words.
        read: Rows that the manifest selects.
        accepted: Of these, those that were loaded.
        repaired: Of these, those whose outline was mended.
        rejected: Of the rows read, those that could not be used.
        outside: Of the rows read, those about areas of another place.
    """

    # Counted up a row at a time, millions of times: not a model that looks at every change.

    file: str
    purpose: str = ""
    read: int = 0
    accepted: int = 0
    repaired: int = 0
    rejected: int = 0
    outside: int = 0
    repairs: list[Rejection] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)

    def reject(self, row: int, reason: str) -> None:
        """Count a row as not loaded, and name it while the list is short."""
        self.rejected += 1
        if len(self.rejections) < MOST_NAMED:
            self.rejections.append(Rejection(row=row, reason=reason))

    def note_repair(self, row: int, reason: str) -> None:
        """Count a row as loaded after a repair, and name it while the list is short."""
        self.repaired += 1
        if len(self.repairs) < MOST_NAMED:
            self.repairs.append(Rejection(row=row, reason=reason))


class Finding(BaseModel):
    """Something that does not add up across files, or was worked out."""

    sentence: str
    count: int
    examples: list[str]


class LoadReport(BaseModel):
    """The whole of a load.

    Attributes:
        pack: Name of the pack.
        is_unchanged: The same pack was there already, and nothing was done.
        files: What became of each file's rows.
        counts: How many of what are loaded, by name, in words.
        findings: What does not add up across files, and what was worked out.
        took_s: Seconds from the first file to the swap.
        swap_s: Of these, seconds in the transaction that put it in place.
        peak_mb: The most memory that the loading process used, in megabytes.
    """

    pack: str
    is_unchanged: bool = False
    files: list[FileReport] = []
    counts: dict[str, int] = {}
    findings: list[Finding] = []
    took_s: float = 0
    swap_s: float = 0
    peak_mb: float = 0

    def summarise(self) -> list[str]:
        """Return the report in lines for a terminal, what went well left out."""
        lines = []
        for file in self.files:
            if file.rejected or file.repaired:
                lines.append(
                    f"{file.file}: {file.read:,} rows read, {file.accepted:,} accepted, "
                    f"{file.repaired:,} repaired, {file.rejected:,} rejected."
                )
                lines += [f"  row {item.row}: {item.reason}" for item in file.repairs[:3]]
                lines += [f"  row {item.row}: {item.reason}" for item in file.rejections[:3]]
        lines += [
            f"{item.sentence} {item.count:,}, such as {', '.join(item.examples[:5])}"
            if item.count > len(item.examples[:5])
            else f"{item.sentence} {', '.join(item.examples[:5])}"
            for item in self.findings
        ]
        if self.counts:
            lines.append(", ".join(f"{count:,} {name}" for name, count in self.counts.items()))
        if not self.is_unchanged:
            lines.append(
                f"{len(self.files)} readings in {self.took_s:.1f} s ({self.swap_s:.1f} s of it "
                f"putting in place), {self.peak_mb:,.0f} MB of memory at most."
            )
        return lines
