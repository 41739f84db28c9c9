"""What a visitor may choose for themselves, remembered in a cookie and nowhere else."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from app.core.errors import BadRequestError
from app.core.local_paths import keep_on_site
from app.core.security import CheckedForm, set_cookie
from app.core.settings import Settings
from app.pages.layout import THEME_COOKIE, THEMES

router = APIRouter(include_in_schema=False)

ONE_YEAR_S = 365 * 24 * 3600


@router.post("/appearance")
async def choose_appearance(request: Request, form: CheckedForm) -> RedirectResponse:
    """Remember light, dark or as the device has it, and lead back to the page."""
    settings: Settings = request.app.state.settings
    theme = str(form.get("theme"))
    if theme not in THEMES:
        raise BadRequestError(f"There is no such appearance. Choose one of: {', '.join(THEMES)}.")
    target = keep_on_site(str(form.get("return_to", "/")))
    response = RedirectResponse(target, status_code=int(HTTPStatus.SEE_OTHER))
    set_cookie(response, settings, THEME_COOKIE, theme, max_age_s=ONE_YEAR_S)
    return response
