"""What the floors below say of a slip most often, in English; a test holds them to these words."""

from app.pages.said import mark_sentence

SENTENCES = (
    mark_sentence("Give it a name, in one line of at most 200 characters."),
    mark_sentence("Shorten the description to at most 5,000 characters."),
    mark_sentence("Choose at least one category, and at most 12."),
    mark_sentence("Write the youngest age as a whole number from 0 to 120, or leave it empty."),
    mark_sentence("Write the oldest age as a whole number from 0 to 120, or leave it empty."),
    mark_sentence("Write the amount in figures, such as 2.50, or leave it empty."),
    mark_sentence("Write languages by their short codes with commas between, such as en, cy, pl."),
    mark_sentence("Write the address in one line of at most 300 characters."),
    mark_sentence("Write the postcode in one line."),
    mark_sentence("Say what it costs in one line of at most 300 characters."),
    mark_sentence("Choose what kind of organisation it is from the list."),
    mark_sentence("Write the legal form in one line of at most 300 characters."),
    mark_sentence(
        "Write each address in one line of at most 300 characters, its postcode beside it."
    ),
    mark_sentence(
        "Choose a register for each number, and write the number without spaces, in at most 60 "
        "characters."
    ),
    mark_sentence("Write the notice in one line of at most 300 characters."),
    mark_sentence(
        "Write the last day of the notice as 12 December 2026, or leave it empty to take the "
        "notice away yourself."
    ),
    mark_sentence("Write how many it has room for in figures, such as 25, or leave it empty."),
    mark_sentence("Say of what there is room for so many, such as places a week, in one line."),
    mark_sentence("Choose what kind of thing it is."),
    mark_sentence(
        "Write each language by its short code, such as cy, each once, the name in one line of at "
        "most 300 characters."
    ),
    mark_sentence("Choose how people get it there."),
    mark_sentence("Search for the listed place that it is at, and choose it."),
    mark_sentence(
        "Search for the organisation that runs it and choose it, or choose that nobody in "
        "particular does."
    ),
    mark_sentence("Search for the areas that it comes to, and tick at least one."),
    mark_sentence(
        "This point lies outside the place of this service, in the sea or in another place. Move "
        "it onto the land here, or leave it empty to take the middle of the postcode."
    ),
    mark_sentence(
        "This postcode lies outside the place of this service. Only what is in it can be listed "
        "here."
    ),
    mark_sentence("Say where the place is: its address, its postcode or a point on the map."),
    mark_sentence(
        "This place was taken off the listing while you were writing. Nothing of yours is saved "
        "yet: send it again to add the place anew, or go back to the listing."
    ),
    mark_sentence(
        "This is the only place of the listing, so it cannot be taken off. If the whole thing is "
        "not there any more, say so with “Something is wrong”."
    ),
    mark_sentence("One of the ways to get in touch cannot be read."),
    mark_sentence("The oldest age is below the youngest. Check both."),
    mark_sentence(
        "There is an amount, but the cost is not “paid”. Choose “paid” or empty the amount."
    ),
    mark_sentence(
        "We cannot read these hours. Write days and times, such as Mon to Fri 9am to 5pm; "
        "Sat 10am to 1pm, or write them in your own words in the next box and empty this one."
    ),
)
