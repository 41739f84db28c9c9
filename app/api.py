"""The one list of routers with their prefixes."""

from fastapi import APIRouter

import app.accounts.router
import app.analysis.router
import app.areas.router
import app.assets.editing_router
import app.assets.router
import app.core.health
import app.core.jobs.router
import app.indicators.router
import app.organisations.editing_router
import app.organisations.router
import app.packs.router
import app.pages.accounts
import app.pages.analysts
import app.pages.preferences
import app.pages.reference
import app.pages.residents
import app.taxonomy.router
import app.tiles.router
import app.tiles.tile_router

V1 = "/api/v1"

ROUTERS: tuple[tuple[APIRouter, str], ...] = (
    # Routes are tried one after the other, so what is asked for most stands first.
    (app.assets.router.router, V1),
    (app.core.health.router, ""),
    (app.core.jobs.router.router, V1),
    (app.accounts.router.router, V1),
    (app.areas.router.router, V1),
    (app.indicators.router.router, V1),
    (app.taxonomy.router.router, V1),
    (app.organisations.router.router, V1),
    (app.organisations.editing_router.router, V1),
    (app.assets.editing_router.router, V1),
    (app.packs.router.router, V1),
    (app.analysis.router.router, V1),
    (app.tiles.router.router, V1),
    (app.tiles.tile_router.router, ""),
    (app.pages.residents.router, ""),
    (app.pages.analysts.router, ""),
    (app.pages.accounts.router, ""),
    (app.pages.preferences.router, ""),
    (app.pages.reference.router, ""),
)
