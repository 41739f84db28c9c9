"""The list of pages on which people keep things right."""

from fastapi import APIRouter

from app.pages.keeping import account, editing, reports, reviewing, roles

router = APIRouter()
for part in (editing, reports, reviewing, account, roles):
    # Not included: the tests that ask every route look for routes in the routers themselves.
    router.routes.extend(part.router.routes)
