"""What is said of answers that are kept, and of large ones that are being worked out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.analysis.schemas import AnalysisAsked

KeptState = Literal["current", "changed", "may have changed"]
RunState = Literal["waiting", "running", "done", "failed", "cancelled"]


class AnalysisState(BaseModel):
    """An answer that is kept, and whether it still is what the data give."""

    id: str
    hash: str
    asked: AnalysisAsked = Field(description="the question as it was put")
    method_version: str
    kept_at: datetime
    is_pinned: bool = Field(description="it stays when others make room for newer ones")
    state: KeptState
    advice: str


class AnalysisRunRead(BaseModel):
    """A question that is worked out in the background."""

    run: UUID
    state: RunState
    step: str
    done: int
    total: int | None
    message: str = Field(description="a sentence: what is going on, or why there is no answer")
    look_at: str = Field(description="where to ask again in a second or two; DELETE it to cancel")
    analysis: str | None = Field(description="where the answer is, once there is one")
