"""What the API says about the pack."""

from pydantic import BaseModel, Field


class SourceRead(BaseModel):
    """Where part of the data comes from."""

    title: str
    publisher: str
    licence: str
    licence_url: str | None
    vintage: str
    attribution: str | None


class PackRead(BaseModel):
    """The place that this service is about."""

    name: str
    title: str = Field(description="the place's name")
    label: str = Field(description="what to say beside the name; empty for a real place")
    is_invented: bool
    description: str
    languages: list[str]
    time_zone: str
    sources: list[SourceRead]
    data_version: int = Field(description="changes whenever a pack is loaded")
