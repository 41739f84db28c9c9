"""The application: what is mounted, in which order, and what starts and stops with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app import __version__
from app.analysis.memory import Memory
from app.api import ROUTERS
from app.core.database import Database, DatabaseAddress
from app.core.errors import FaultMiddleware, install_error_handlers
from app.core.head_requests import HeadMiddleware
from app.core.kept_answers import FIND_KEPT
from app.core.logging import RequestLogMiddleware
from app.core.request_bodies import BodyLimitMiddleware
from app.core.security import (
    FORM_LIMITS,
    FormsMiddleware,
    SecurityHeadersMiddleware,
    load_secret_key,
)
from app.core.settings import Settings
from app.core.static_files import BuiltFiles
from app.core.versions import VersionListener, VersionNews, VersionRaised
from app.packs.service import check_pack_loaded
from app.pages.errors import render_error_page
from app.pages.layout import create_templates
from app.tasks import run_worker_beside
from app.tiles.service import Tiles
from app.tiles.serving import TilesFirst, find_kept_tile

DESCRIPTION = """What there is in a place, who runs it, and the areas it lies in.

Assets are places, activities, services and resources; each is to be had at one or more sites.
Whoever looks sees what is public: of something that is area only, no more than the area; of what is
hidden, nothing. An area is named by its kind, its code and its boundary year. Changes need a
session: sign in with a mailed link and send the token as `Authorization: Bearer`. Longitude stands
before latitude, coordinates are WGS 84, errors are problem documents (RFC 9457)."""

GZIP_FROM_BYTES = 1000
MEGABYTE = 1_000_000


def create_app(settings: Settings, database: Database | None = None) -> FastAPI:
    """Return the application for `settings`.

    Args:
        settings: All of them; `database_url` is needed when `database` is not given.
        database: An open database, closed by the caller (tests); else one is opened and closed
            with the application.

    Raises:
        ValueError: `settings.database_url` is missing or no address of PostgreSQL.
    """
    owned = database is None
    database = database or open_database(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await app.state.versions.start()
        app.state.database.public.keep_what_is_told()
        try:
            async with run_worker_beside(app.state.database, settings):
                yield {FIND_KEPT: partial(find_kept_tile, app.state.tiles)}
        finally:
            await app.state.versions.stop()
            if owned:
                await app.state.database.close()

    app = FastAPI(
        title="Hereabouts",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        # A redirect would repeat the Host header to whoever sent it.
        redirect_slashes=False,
        form_limits=FORM_LIMITS,
        generate_unique_id_function=_name_operation,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.versions = VersionListener(database.address)
    app.state.versions.subscribe(partial(_forget, database))
    app.state.readiness_checks = [check_pack_loaded]
    app.state.tiles = Tiles(database, app.state.versions, settings.tile_cache_mb * MEGABYTE)
    app.state.versions.subscribe(app.state.tiles.hear)
    app.state.analysis_memory = Memory()
    app.state.secret_key = load_secret_key(settings)
    app.state.templates = create_templates(settings)
    for router, prefix in ROUTERS:
        app.include_router(router, prefix=prefix)
    app.mount("/static", BuiltFiles(directory=settings.frontend_dir, check_dir=False), "static")
    install_error_handlers(app, render_error_page)
    _add_middleware(app, settings)
    return app


def _forget(database: Database, news: VersionNews) -> None:
    """Let public reading drop what it kept of a topic that has changed."""
    database.public.forget(news.topic if isinstance(news, VersionRaised) else None)


def open_database(settings: Settings) -> Database:
    """Return the database that `settings` names.

    Raises:
        ValueError: It names none, or not one of PostgreSQL.
    """
    if settings.database_url is None:
        raise ValueError("DATABASE_URL is not set. `hereabouts up` starts a private database.")
    address = DatabaseAddress(settings.database_url.get_secret_value())
    return Database(address, settings.database_pool_size)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Wrap the application; the last added meets a request first."""
    app.add_middleware(FaultMiddleware, render_page=render_error_page)
    app.add_middleware(GZipMiddleware, minimum_size=GZIP_FROM_BYTES, compresslevel=6)
    app.add_middleware(FormsMiddleware)
    app.add_middleware(BodyLimitMiddleware)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.trusted_hosts)
    app.add_middleware(
        SecurityHeadersMiddleware,
        https=settings.is_https,
        image_hosts=settings.basemap_hosts,
    )
    app.add_middleware(HeadMiddleware)
    app.add_middleware(RequestLogMiddleware)
    app.add_middleware(TilesFirst)


def _name_operation(route: APIRoute) -> str:
    return route.name
