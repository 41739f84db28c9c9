"""What a load found: told to whoever loads, and kept with the pack."""

from pydantic import BaseModel

MOST_NAMED = 50
"""Rows and areas named one by one; beyond this only their number is told."""


class Rejection(BaseModel):
    """A row that was not loaded, or only after repair, and why."""

    row: int
    reason: str


class FileReport(BaseModel):
    """What became of the rows of one file."""

    file: str
    read: int = 0
    accepted: int = 0
    repaired: int = 0
    rejected: int = 0
    repairs: list[Rejection] = []
    rejections: list[Rejection] = []

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
    """Something that does not add up across files."""

    sentence: str
    count: int
    examples: list[str]


class LoadReport(BaseModel):
    """The whole of a load.

    Attributes:
        pack: Name of the pack.
        is_unchanged: The same pack was there already, and nothing was done.
        files: What became of each file's rows.
        findings: What does not add up across files.
    """

    pack: str
    is_unchanged: bool = False
    files: list[FileReport] = []
    findings: list[Finding] = []

    def summarise(self) -> list[str]:
        """Return the report in lines for a terminal, what went well left out."""
        lines = []
        for file in self.files:
            if file.rejected or file.repaired:
                lines.append(
                    f"{file.file}: {file.read} rows read, {file.accepted} accepted, "
                    f"{file.repaired} repaired, {file.rejected} rejected."
                )
                lines += [f"  row {item.row}: {item.reason}" for item in file.repairs[:3]]
                lines += [f"  row {item.row}: {item.reason}" for item in file.rejections[:3]]
        lines += [f"{item.sentence} {', '.join(item.examples[:5])}" for item in self.findings]
        return lines
