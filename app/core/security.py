"""What protects visitors: response headers, cookies, forms that only our own pages can send."""

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, TypedDict
from urllib.parse import urlsplit

from fastapi import Depends, Request
from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BadRequestError, ForbiddenError
from app.core.http_cache import find_visitor
from app.core.settings import Settings

SHORTEST_KEY = 32  # characters
FORM_HOURS = 24  # how long a page may lie open before its form is sent
FORM_FIELDS = 100  # in one form
FORM_FIELD_BYTES = 64 * 1024  # of one field
FORM_BYTES = 1024 * 1024  # of a whole form, where its sender announces the size
FORM_FIELD = "csrf_token"
FORM_COOKIE = "forms"
HSTS_SECONDS = 365 * 24 * 60 * 60


class FormLimits(TypedDict, total=False):
    """What Starlette and FastAPI take as limits while they read a form."""

    max_files: int
    max_fields: int
    max_part_size: int  # bytes


FORM_LIMITS: FormLimits = {
    "max_files": 0,
    "max_fields": FORM_FIELDS,
    "max_part_size": FORM_FIELD_BYTES,
}
"""The limits of an ordinary form; the library's own are a thousand files and as many MB."""

_SCOPE_KEY = "hereabouts.forms"
_VISITOR = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST_SOURCE = re.compile(r"https?://[A-Za-z0-9*.-]+(:\d+)?")
_DEFAULT_PORTS = {"http": 80, "https": 443}

_REMEDY = "Nothing was changed. Go back, reload the page and send the form again."
_FOREIGN = f"This form did not come from a page of this site. {_REMEDY}"
_NO_COOKIE = (
    "Your browser did not send the cookie that belongs to this form. "
    f"{_REMEDY} If that does not help, allow cookies for this site."
)
_STALE = f"This form is no longer valid, perhaps because its page was open for long. {_REMEDY}"

_TOO_MUCH = (
    "This form cannot be read: it is damaged, or holds a file or more than a form of this site can "
    f"({FORM_FIELDS} fields, {FORM_FIELD_BYTES // 1024} kB in each, {FORM_BYTES // 1024} kB in "
    "all). Nothing was changed. Go back, shorten what you wrote and send the form again."
)


class SecurityHeadersMiddleware:
    """Tell browsers, with every response, to allow as little as our pages need.

    A response that brings a header of the same name keeps its own: a generated map to download
    needs another policy than our pages.

    Args:
        app: What is protected.
        https: Whether visitors come by https; only then may they be held to it.
        image_hosts: Origins besides our own that images may come from, such as
            `https://tile.example.org`, for background maps.

    Raises:
        ValueError: An image host is more than a scheme, a host and a port.
    """

    def __init__(self, app: ASGIApp, *, https: bool, image_hosts: Sequence[str] = ()) -> None:
        for host in image_hosts:
            if not _HOST_SOURCE.fullmatch(host):
                raise ValueError(f"{host!r} is not an origin such as https://tile.example.org.")
        self.app = app
        self.headers = _build_headers(https=https, image_hosts=image_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _build_headers(*, https: bool, image_hosts: Sequence[str]) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(["'self'", "data:", *image_hosts]),
        "connect-src": "'self'",
        "font-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "manifest-src": "'self'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # Addresses of ours hold postcodes (/near?postcode=...), which are nobody else's business.
        # `no-referrer` would hide them too, but makes browsers send `Origin: null` with our own
        # forms, which is what a forged one looks like. A layer of map tiles whose server asks who
        # calls can send our bare origin with an attribute of its own.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": (
            "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), serial=(), "
            "accelerometer=(), gyroscope=(), magnetometer=(), display-capture=()"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        headers["Strict-Transport-Security"] = f"max-age={HSTS_SECONDS}"
    return headers


def cookie_name(settings: Settings, name: str) -> str:
    """Return `name` as the browser knows it.

    With https it carries the prefix `__Host-`: browsers then refuse such a cookie from a sibling
    host or from plain http, so that nobody can plant one.
    """
    return f"__Host-{name}" if settings.is_https else name


def set_cookie(
    response: Response,
    settings: Settings,
    name: str,
    value: str,
    *,
    max_age_s: int | None = None,
    same_site: Literal["lax", "strict"] = "lax",
) -> None:
    """Set a cookie that scripts cannot read, for the whole site; the one place that knows flags.

    Args:
        response: The response that carries it.
        settings: Say whether visitors come by https.
        name: Without prefix; read it back under `cookie_name`.
        value: Plain ASCII without commas, semicolons and spaces.
        max_age_s: Seconds to keep it; None until the browser closes.
        same_site: `lax` sends it when somebody follows a link to us; `strict` does not.
    """
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=max_age_s,
        path="/",
        secure=settings.is_https,
        httponly=True,
        samesite=same_site,
    )


class _Forms:
    """What one request knows about its visitor's forms.

    Attributes:
        visitor: The random value in the visitor's cookie, None before there is one.
        is_new: Whether this response has to set the cookie.
        is_used: Whether this response holds a form.
    """

    def __init__(self, visitor: str | None) -> None:
        self.visitor = visitor if visitor and _VISITOR.fullmatch(visitor) else None
        self.is_new = False
        self.is_used = False

    def name_visitor(self) -> str:
        """Return the visitor's value, a new one if there is none."""
        self.is_used = True
        if self.visitor is None:
            self.visitor = secrets.token_urlsafe(32)
            self.is_new = True
        return self.visitor


class FormsMiddleware:
    """Give a visitor the cookie that forms are bound to, with the first page that holds one.

    Every page holds one, in its footer, so whoever opens a page gets the cookie; a random value
    until the browser closes. Programs that ask the API, and files, get none. A page with a form
    is kept out of shared caches: it is made for one visitor, like every answer to somebody who is
    signed in. The application's state must hold `settings` and `secret_key`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        settings: Settings = scope["app"].state.settings
        cookies = Request(scope).cookies
        forms = _Forms(cookies.get(cookie_name(settings, FORM_COOKIE)))
        scope[_SCOPE_KEY] = forms

        async def send_with_cookie(message: Message) -> None:
            is_start = message["type"] == "http.response.start"
            if is_start and (visitor := find_visitor(scope)) is not None:
                MutableHeaders(scope=message).add_vary_header("Authorization")
                _mark_as_varying(MutableHeaders(scope=message), is_personal=bool(visitor))
            if is_start and forms.is_used:
                _mark_as_varying(MutableHeaders(scope=message), is_personal=True)
                if forms.is_new:
                    carrier = Response()
                    set_cookie(carrier, settings, FORM_COOKIE, forms.name_visitor())
                    MutableHeaders(scope=message).append(
                        "set-cookie", carrier.headers["set-cookie"]
                    )
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _mark_as_varying(headers: MutableHeaders, *, is_personal: bool) -> None:
    if "Cookie" not in headers.get("vary", ""):
        headers.add_vary_header("Cookie")
    if is_personal and "no-store" not in headers.get("cache-control", ""):
        headers["cache-control"] = "private, no-cache"


def csrf_token(request: Request) -> str:
    """Return the value of the hidden field `csrf_token` for a form on the page being made.

    It is signed for this visitor's cookie and for `FORM_HOURS`, and it is another one every time,
    so that its bytes cannot be guessed from the length of compressed pages.
    """
    visitor = _find_forms(request).name_visitor()
    return _signer(request, visitor).sign(secrets.token_urlsafe(16)).decode()


async def check_csrf(request: Request) -> FormData:
    """Return the form that was sent, once it is certain that one of our pages sent it.

    What the browser says of the sender, its cookie and the size it announces are checked before
    the body is read, and no more of the body is read than `FORM_LIMITS` allow. Only where a route
    has parameters of `Form()` too does FastAPI read them first, by limits of its own: such a
    route needs `form_limits=FORM_LIMITS`.

    Raises:
        BadRequestError: The form holds more than one of ours can, or cannot be read.
        ForbiddenError: Another site sent it, the cookie is missing, or the token is not of this
            visitor or too old; the sentence tells the person what to do.
    """
    if not comes_from_here(request):
        raise ForbiddenError(_FOREIGN)
    visitor = _find_forms(request).visitor
    if visitor is None:
        raise ForbiddenError(_NO_COOKIE)
    form = await _read_form(request)
    try:
        token = str(form.get(FORM_FIELD))
        _signer(request, visitor).unsign(token, max_age=FORM_HOURS * 60 * 60)
    except BadSignature:
        raise ForbiddenError(_STALE) from None
    return form


async def _read_form(request: Request) -> FormData:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > FORM_BYTES:
        raise BadRequestError(_TOO_MUCH)
    try:
        return await request.form(**FORM_LIMITS)
    except HTTPException:
        raise BadRequestError(_TOO_MUCH) from None


CheckedForm = Annotated[FormData, Depends(check_csrf)]
"""The fields of an ordinary form, without files, that one of our own pages sent."""


def _find_forms(request: Request) -> _Forms:
    try:
        found: _Forms = request.scope[_SCOPE_KEY]
    except KeyError:
        raise RuntimeError("FormsMiddleware is not installed in this application.") from None
    return found


def _signer(request: Request, visitor: str) -> TimestampSigner:
    return TimestampSigner(
        request.app.state.secret_key,
        salt=f"hereabouts.forms.{visitor}",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )


def comes_from_here(request: Request) -> bool:
    """Whether no header says that another site sent this request.

    All three headers are set by the browser and out of reach of scripts. A browser may leave any
    of them out; then the token alone decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    said = [request.headers.get(name) for name in ("origin", "referer")]
    return all(_is_own_origin(request, address) for address in said if address is not None)


def _is_own_origin(request: Request, address: str) -> bool:
    settings: Settings = request.app.state.settings
    try:
        theirs = _read_origin(address)
        if settings.base_url:
            return theirs == _read_origin(settings.base_url)
        # Nobody told us our address. The scheme is left out of the comparison: a proxy may have
        # taken https off, and whoever can send from our host by http can do worse.
        ours = _read_origin(f"{theirs[0]}://{request.headers.get('host', '')}")
    except ValueError:
        return False
    return theirs[1:] == ours[1:]


def _read_origin(address: str) -> tuple[str, str, int]:
    """Return scheme, host and port of `address`.

    Raises:
        ValueError: There are none, as in `null`.
    """
    parts = urlsplit(address)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{address!r} has no origin")
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]


def load_secret_key(settings: Settings) -> bytes:
    """Return the key that signs form tokens.

    Without SECRET_KEY one is made and kept in `var/secret`, readable by its owner only. Processes
    that start at the same time agree on one.

    Raises:
        ValueError: The key is too short to be one.
    """
    if settings.secret_key is not None:
        key = settings.secret_key.get_secret_value().strip()
        source = "SECRET_KEY"
    else:
        file = settings.var_dir / "secret"
        if not file.exists():
            _make_key(file)
        key = file.read_text(encoding="ascii", errors="replace").strip()
        source = str(file)
    if len(key) < SHORTEST_KEY:
        raise ValueError(
            f"{source} holds {len(key)} characters; a key needs {SHORTEST_KEY}. "
            "Remove it, and a new one is made."
        )
    return key.encode()


def _make_key(file: Path) -> None:
    """Write a new key to `file` unless another process was quicker."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(48))
            opened.flush()
            os.fsync(opened.fileno())
        # Unlike a rename, a link never replaces what is there, and whoever reads it finds it whole.
        file.hardlink_to(unfinished)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
