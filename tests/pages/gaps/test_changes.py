"""Changes in an address: read as they were written, refused where they are none."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.change_schemas import AddSite, ChangeAsked, CloseSite, MoveSite, SetCapacity
from app.pages.gaps.changes import DIGITS, MOST, drop_change, read_changes, write_changes

SITE = UUID(int=7)
LON = st.floats(-180, 180).map(lambda lon: round(lon, DIGITS))
LAT = st.floats(-90, 90).map(lambda lat: round(lat, DIGITS))
AMOUNT = st.integers(0, 10**9).map(float)
CHANGE = st.one_of(
    st.builds(AddSite, change=st.just("add"), lon=LON, lat=LAT, capacity=st.none() | AMOUNT),
    st.builds(MoveSite, change=st.just("move"), site=st.uuids(), lon=LON, lat=LAT,
              capacity=st.none() | AMOUNT),
    st.builds(CloseSite, change=st.just("close"), site=st.uuids()),
    st.builds(SetCapacity, change=st.just("capacity"), site=st.uuids(), capacity=AMOUNT),
)  # fmt: skip


@given(st.lists(CHANGE, max_size=MOST))
def test_what_is_written_is_read_again(changes: list[ChangeAsked]) -> None:
    text = write_changes(changes)
    assert read_changes(text) == changes
    assert all(sign.isalnum() or sign in "-_.~" for sign in text), "an address would escape it"


def test_it_is_as_short_as_somebody_would_write_it() -> None:
    changes = read_changes(f"add_-2.9831_53.4084~close_{SITE}")
    assert write_changes(changes) == f"add_-2.98310_53.40840~close_{SITE}"
    assert drop_change(changes, 0) == f"close_{SITE}"
    assert drop_change(changes[:1], 0) == ""


@pytest.mark.parametrize(
    "text",
    [
        "burn_1_2", "add", "add_1", "add_1_2_3_4", "add_200_1", "add_1_nan", "close_library",
        f"capacity_{SITE}_-1", "~", "add_1_2~", "add_1_2_inf", "add_1_2~" * MOST + "add_1_2",
    ],
)  # fmt: skip
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="change"):
        read_changes(text)
