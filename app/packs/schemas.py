"""What the API says about the pack."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from app.packs.models import LoadOutcome
from app.packs.report import LoadReport


class SourceRead(BaseModel):
    """Where part of the data comes from."""

    title: str
    publisher: str
    licence: str
    licence_url: str | None = None
    vintage: str
    attribution: str | None = None


class PackDescription(BaseModel):
    """What is said about a pack.

    Kept as it was when the pack was loaded, and read leniently: a manifest of an earlier release
    need not be one of this release.
    """

    name: str
    title: str = Field(description="the place's name")
    label: str = Field(default="", description="what to say beside the name, if anything")
    is_invented: bool = False
    description: str = ""
    languages: list[str] = []
    time_zone: str = "UTC"
    sources: list[SourceRead] = []


class PackRead(PackDescription):
    """The place that this service is about."""

    data_version: int = Field(description="changes whenever a pack is loaded")


class LoadRead(BaseModel):
    """How far the load of a pack is, or how it ended."""

    model_config = ConfigDict(from_attributes=True)

    pack: str
    started_at: datetime
    finished_at: datetime | None = Field(
        description="null while it runs, and where it was killed without a word"
    )
    step: str = Field(description="what is being done, or what was done last")
    done: int
    total: int | None = Field(description="null while nobody knows")
    outcome: LoadOutcome
    problem: str = Field(description="why it failed, in a sentence; empty otherwise")
    report: LoadReport | None = Field(description="what was found; of a load that succeeded")


class LoadedPack(BaseModel):
    """The pack that is loaded, and the report of its load."""

    name: str
    loaded_at: datetime
    data_version: int
    report: LoadReport
