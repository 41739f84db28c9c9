"""The words of the script that draws maps: it fills in what stands in braces."""

from collections.abc import Mapping

from app.pages.said import mark_sentence

MAP_WORDS: Mapping[str, str] = {
    "zoomIn": mark_sentence("Enlarge the map"),
    "zoomOut": mark_sentence("Make the map smaller"),
    "wholePlace": mark_sentence("Show the whole place"),
    "mapLabel": mark_sentence("Map of {indicator}"),
    "mapLabelPlain": mark_sentence("Map of places"),
    "areaValue": mark_sentence("{name}: {value}"),
    "areaLevel": mark_sentence("{name}: {value}, {level}"),
    "areaBoth": mark_sentence("{name}: {first} {value}; {second} {secondValue}"),
    "areaNone": mark_sentence("{name}: no figure"),
    "areaSuppressed": mark_sentence("{name}: not published, because too few people are concerned"),
    "areaPlain": mark_sentence("{name}"),
    "noFigure": mark_sentence("no figure"),
    "unit": mark_sentence("{value} {unit}"),
    "clusterTip": mark_sentence("{count} places; press to look closer"),
    "pointTip": mark_sentence("{name}"),
    "samePlace": mark_sentence("{count} places at this point"),
    "areaOnly": mark_sentence("{count} more in {name}; only the area is told"),
    "areaOnlyMany": mark_sentence("{count} more in this part; only the areas are told"),
    "organisationTip": mark_sentence("{name}: {count} organisations"),
    "summary": mark_sentence(
        "The map shows {indicator} for {count} {areas} in view; {none} of them without a figure."
    ),
    "summaryPlain": mark_sentence("The map shows {count} {areas} in view."),
    "coarser": mark_sentence("At this size the map shows {areas}. Enlarge it to see {finer}."),
    "basemapMissing": mark_sentence(
        "The background map cannot be reached. Outlines and names stand in for it."
    ),
    "tilesMissing": mark_sentence(
        "Parts of the map could not be fetched. They are asked for again."
    ),
    "mapFailed": mark_sentence(
        "The map could not be loaded. The table below holds the same figures."
    ),
    "updated": mark_sentence("The page now shows: {finding}"),
    "updating": mark_sentence("Looking that up …"),
    "showOnMap": mark_sentence("Show {name} on the map"),
    "onMap": mark_sentence("map"),
    "showInList": mark_sentence("Show it in the table"),
    "cardClose": mark_sentence("Close"),
    "cardMissing": mark_sentence("What is known of this place could not be fetched."),
    "cardLoading": mark_sentence("Looking that up …"),
    "cardHours": mark_sentence("Hours"),
    "cardCost": mark_sentence("Cost"),
    "cardAddress": mark_sentence("Where"),
    "cardRunBy": mark_sentence("Run by"),
    "cardSource": mark_sentence("From"),
    "costFree": mark_sentence("free"),
    "costPaid": mark_sentence("to be paid for"),
    "costDonation": mark_sentence("by donation"),
    "scaleM": mark_sentence("{n} m"),
    "scaleKm": mark_sentence("{n} km"),
    "first": mark_sentence("First: {indicator}"),
    "second": mark_sentence("Second: {indicator}"),
}
"""By the names that the script knows them by."""


def list_map_words() -> Mapping[str, str]:
    """Return the sentences in English."""
    return MAP_WORDS
