"""The words that the script of `/gaps` needs beside those of every map."""

from collections.abc import Mapping

from app.pages.said import mark_sentence

GAP_WORDS: Mapping[str, str] = {
    "gapDistance": mark_sentence(
        "{name}: {beyond} of {people} {who} are farther away; nearest {measure} in a straight line"
    ),
    "gapDistanceLarger": mark_sentence(
        "{name}: {beyond} of {people} {who} are farther away; nearest {measure} on average"
    ),
    "gapNothing": mark_sentence("{name}: {beyond} of {people} {who}; there is none to be reached"),
    "gapSupply": mark_sentence(
        "{name}: {measure} for each 1,000; {beyond} of {people} {who} have less than the standard"
    ),
    "tryHere": mark_sentence("Try a new one here"),
    "tryHint": mark_sentence(
        "Press on the map where it should be. With the keyboard: arrow keys move the map, Enter "
        "puts it in the middle, Escape leaves it."
    ),
    "tryPin": mark_sentence("Pin {number}: {words} Arrow keys move it."),
    "tryPinFixed": mark_sentence("Pin {number}: {words}"),
    "gapNobody": mark_sentence("{name}: nobody of those who are counted lives here"),
}
"""By the names that the script knows them by."""
