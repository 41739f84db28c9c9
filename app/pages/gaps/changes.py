"""What if: changes as the address of `/gaps` carries them.

Each change is a word and what it needs, joined by `_`; changes are joined by `~`. None of these
signs is escaped in an address, so that it can be read and written by hand:
`add_-2.98310_53.40840~close_8f14e45f-...`.
"""

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from app.analysis.change_schemas import AddSite, ChangeAsked, CloseSite, MoveSite, SetCapacity

MOST = 20
"""Changes on the page; the API takes more."""

LONGEST = 2000
"""Of the text: twenty of the longest changes are shorter."""

DIGITS = 5
"""Of a degree: about a metre."""

_FIELDS: dict[str, Sequence[tuple[str, ...]]] = {
    "add": (("lon", "lat"), ("lon", "lat", "capacity")),
    "move": (("site", "lon", "lat"), ("site", "lon", "lat", "capacity")),
    "close": (("site",),),
    "capacity": (("site", "capacity"),),
}
_CHANGE: TypeAdapter[ChangeAsked] = TypeAdapter(ChangeAsked)


def read_changes(text: str) -> list[ChangeAsked]:
    """Return the changes of an address.

    Raises:
        ValueError: It is no list of changes, or a longer one than the page takes.
    """
    if not text:
        return []
    parts = text.split("~")
    if len(parts) > MOST or len(text) > LONGEST:
        raise ValueError(f"more than {MOST} changes")
    return [_read_change(part) for part in parts]


def write_changes(changes: Sequence[ChangeAsked]) -> str:
    """Return the text that `read_changes` reads."""
    return "~".join(_write_change(change) for change in changes)


def drop_change(changes: Sequence[ChangeAsked], number: int) -> str:
    """Return the text without one of them, counted from 0."""
    return write_changes([*changes[:number], *changes[number + 1 :]])


def _read_change(text: str) -> ChangeAsked:
    kind, *values = text.split("_")
    names = next((each for each in _FIELDS.get(kind, ()) if len(each) == len(values)), None)
    if names is None:
        raise ValueError(f"no change: {text!r}")
    try:
        return _CHANGE.validate_python({"change": kind, **dict(zip(names, values, strict=True))})
    except ValidationError as error:
        raise ValueError(f"no change: {text!r}") from error


def _write_change(change: ChangeAsked) -> str:
    match change:
        case AddSite():
            values = _write_point(change)
        case MoveSite():
            values = [str(change.site), *_write_point(change)]
        case CloseSite():
            values = [str(change.site)]
        case SetCapacity():
            values = [str(change.site), f"{change.capacity:.15g}"]
    return "_".join([change.change, *values])


def _write_point(change: AddSite | MoveSite) -> list[str]:
    values = [f"{change.lon:.{DIGITS}f}", f"{change.lat:.{DIGITS}f}"]
    return values if change.capacity is None else [*values, f"{change.capacity:.15g}"]
