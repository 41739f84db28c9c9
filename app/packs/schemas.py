"""What the API says about the pack."""

from pydantic import BaseModel, Field


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
