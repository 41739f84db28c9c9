"""The list of pages on which people keep things right."""

from fastapi import APIRouter

from app.pages.keeping import editing, reports, reviewing

router = APIRouter()
for part in (editing, reports, reviewing):
    router.include_router(part.router)
