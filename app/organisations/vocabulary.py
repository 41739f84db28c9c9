"""What sorts of organisation there are."""

from typing import Literal

OrganisationKind = Literal[
    "informal group",
    "charity",
    "social enterprise",
    "public body",
    "business",
    "not stated",
]

Reason = Literal["legal form", "member register", "says so"]
"""Why an organisation is listed as a social enterprise."""
