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
import app.pages.adding.router
import app.pages.adding.sites_router
import app.pages.analysts
import app.pages.finding.router
import app.pages.gaps.router
import app.pages.keeping.account
import app.pages.keeping.answering
import app.pages.keeping.editing
import app.pages.keeping.reports
import app.pages.keeping.reviewing
import app.pages.keeping.roles
import app.pages.preferences
import app.pages.reading.about
import app.pages.reading.areas_router
import app.pages.reading.asset_router
import app.pages.reading.machines
import app.pages.reading.organisation_router
import app.pages.reference
import app.pages.residents
import app.reports.router
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
    # Before the answers themselves, whose ids would take its ending.
    (app.reports.router.router, V1),
    (app.analysis.router.router, V1),
    (app.tiles.router.router, V1),
    (app.tiles.tile_router.router, ""),
    (app.pages.finding.router.router, ""),
    (app.pages.residents.router, ""),
    (app.pages.analysts.router, ""),
    (app.pages.gaps.router.router, ""),
    (app.pages.adding.router.router, ""),
    (app.pages.adding.sites_router.router, ""),
    (app.pages.accounts.router, ""),
    (app.pages.preferences.router, ""),
    (app.pages.reference.router, ""),
    (app.pages.keeping.account.router, ""),
    (app.pages.keeping.answering.router, ""),
    (app.pages.keeping.editing.router, ""),
    (app.pages.keeping.reports.router, ""),
    (app.pages.keeping.reviewing.router, ""),
    (app.pages.keeping.roles.router, ""),
    (app.pages.reading.about.router, ""),
    (app.pages.reading.machines.router, ""),
    (app.pages.reading.organisation_router.router, ""),
    (app.pages.reading.areas_router.router, ""),
    # Last: /assets/{asset}/{slug} would take what others offer beneath an asset.
    (app.pages.reading.asset_router.router, ""),
)
