"""Whose drafts they are: the cookie of a browser, beside whoever is signed in."""

import hashlib
import secrets

from fastapi import Request, Response
from itsdangerous import BadSignature, Signer

from app.accounts.dependencies import read_secret_key
from app.accounts.permissions import Actor
from app.core.security import cookie_name, set_cookie
from app.core.settings import Settings
from app.drafts.service import Visitor, name_visitor

COOKIE = "drafts"
_DAY_S = 24 * 60 * 60


def read_visitor(request: Request, actor: Actor) -> Visitor:
    """Return whose drafts a request may see."""
    return name_visitor(actor, _read_token(request))


def hold(request: Request, response: Response, actor: Actor) -> Visitor:
    """Return whose drafts a request may see, its browser given a cookie or the one it has anew."""
    token = _read_token(request) or secrets.token_urlsafe(32)
    settings: Settings = request.app.state.settings
    signed = _signer(request).sign(token).decode()
    set_cookie(response, settings, COOKIE, signed, max_age_s=settings.draft_days * _DAY_S)
    return name_visitor(actor, token)


def _read_token(request: Request) -> str:
    """Return what the cookie holds; empty without one that this service signed."""
    settings: Settings = request.app.state.settings
    try:
        signed = request.cookies.get(cookie_name(settings, COOKIE), "")
        return _signer(request).unsign(signed).decode()
    except (BadSignature, UnicodeError):
        return ""


def _signer(request: Request) -> Signer:
    return Signer(
        read_secret_key(request),
        salt="hereabouts.drafts",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
