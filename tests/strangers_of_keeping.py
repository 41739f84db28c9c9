"""What strangers would send to the pages of accounts and of keeping things right."""

from collections.abc import Sequence

from tests.private_things import list_ids


def list_of_keeping(ids: Sequence[str]) -> dict[str, list[str]]:
    """Return what to send for their parameters, as `tests.strangers.list_values` does.

    Args:
        ids: Of records, those that must not be known among them.
    """
    return {
        "next_path": ["/"],
        "token": ["x"],
        "review": ["addition", *ids[:1]],
        "of": ["suggested", "reported"],
        "review.kind": ["changes"],
        "review.sort": ["suggestion", "asset", "organisation"],
        "key": [*ids],
        "decided": ["accepted"],
        "saved": ["name"],
        "done": ["given"],
        "grant_id": ["1"],
        "assets.place": ["new", *list_ids("hidden site", 2), *list_ids("coarse site", 1)],
    }
