"""What sorts of asset and site there are."""

from typing import Literal

AssetKind = Literal["place", "activity", "service", "resource"]

Cost = Literal["free", "paid", "donation", "not stated"]

Mode = Literal["address", "place", "served areas", "online", "phone"]
"""How a site is to be had: at an address, at a place asset, where people live, online, by phone."""
