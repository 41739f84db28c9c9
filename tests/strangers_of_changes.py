"""What a stranger would send to change something; part of `tests/strangers.py`."""

from typing import Any

UNSAFE: dict[str, Any] = {
    "PATCH /api/v1/assets/{asset}": {"name": "Mine now"},
    "PATCH /api/v1/organisations/{organisation}": {"name": "Mine now"},
    "POST /api/v1/assets/{asset}/confirmations": [
        {"aspect": "existence", "asserted_on": "2026-01-01"}
    ],
    "POST /api/v1/organisations/{organisation}/confirmations": [
        {"aspect": "existence", "asserted_on": "2026-01-01"}
    ],
    "POST /api/v1/assets/{asset}/reversions": {"revision": 1},
    "POST /api/v1/organisations/{organisation}/reversions": {"revision": 1},
    "PUT /api/v1/assets/{asset}/status": {"status": "published"},
    "PUT /api/v1/organisations/{organisation}/status": {"status": "published"},
    "POST /api/v1/assets": None,  # asked with references to secret records, below
    "POST /api/v1/organisations": None,  # names no record
    "POST /api/v1/sign-in-links": None,
    "POST /api/v1/sessions": None,
    "DELETE /api/v1/sessions/current": None,
    "POST /api/v1/role-grants": None,
    "POST /api/v1/analyses": None,  # asked of every category, below
    "DELETE /api/v1/analyses/runs/{run}": {},
    "PUT /api/v1/analyses/{analysis}/pin": {},
    "DELETE /api/v1/analyses/{analysis}/pin": {},
    "DELETE /api/v1/role-grants/{grant_id}": None,
}
"""What to send with what changes something; None where no record is named in the path."""
