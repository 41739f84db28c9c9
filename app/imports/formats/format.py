"""What a vocabulary of rows must be able to do."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from app.assets.schemas import AssetDocument, SiteDocument
from app.imports.rows import Draft
from app.organisations.schemas import OrganisationDocument
from app.records.entries import Confirmation
from app.records.vocabulary import Status


class References(NamedTuple):
    """What the rows of one table call the rows of others, and who these are.

    Attributes:
        organisations: By the identifier that assets name them by.
        places: Assets, by the identifier that sites name them by.
    """

    organisations: Mapping[str, UUID]
    places: Mapping[str, UUID]


class Format(NamedTuple):
    """A vocabulary of rows. What makes a document raises `RowProblem` for a field it cannot use.

    Attributes:
        name: By which a manifest names it.
        fields: What columns may be called, by the kind of table: organisations, assets, sites.
        make_organisation: A row as an organisation.
        make_asset: A row as an asset, with its sites and what it may refer to.
        make_site: A row as a site: one of sites, or one of an asset that holds its one site.
        has_site: Whether an asset's row says where, when or how it is to be had.
        read_status: How the record stands.
        is_takedown_asked: Whether somebody asks in the file for it to be taken down.
        read_confirmations: What somebody made sure of.
    """

    name: str
    fields: Mapping[str, frozenset[str]]
    make_organisation: Callable[[Draft], OrganisationDocument]
    make_asset: Callable[[Draft, Sequence[SiteDocument], References], AssetDocument]
    make_site: Callable[[Draft, References], SiteDocument]
    has_site: Callable[[Draft], bool]
    read_status: Callable[[Draft], Status]
    is_takedown_asked: Callable[[Draft], bool]
    read_confirmations: Callable[[Draft], tuple[Confirmation, ...]]
