"""The list of pages on which people keep things right."""

from fastapi import APIRouter

from app.pages.keeping import account, editing, reports, reviewing, roles

router = APIRouter()
for part in (editing, reports, reviewing, account, roles):
    router.include_router(part.router)
