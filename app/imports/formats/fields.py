"""The fields of a plain table: what a column may be called here, and what it means."""

RECORD_FIELDS = {
    "name": "what it is called",
    "name_translations": "its name in other languages: `cy=Llyfrgell;pl=Biblioteka`",
    "description": "what it is or does",
    "source": "whose list it is; the title of the source where nothing is said",
    "source_id": "its identifier there; made from name and postcode where the file has none",
    "licence": "on what terms; that of the source where nothing is said",
    "method": "how somebody came to know: `visited`, `phoned`, `told by the owner`, `imported`",
    "visibility": "who may see where it is: `public`, `area only`, `hidden`",
    "findable": "hidden, but to be found by name, with a contact only: yes or no",
    "status": "`published`, `waiting`, `closed`, or `takedown asked`",
}
"""Fields of an organisation and of an asset."""

PLACE_FIELDS = {
    "address": "without the postcode",
    "postcode": "as people write it; without a point it says where",
    "lon": "longitude, or the easting in the source's `crs`",
    "lat": "latitude, or the northing",
    "role": "what the address is for: `delivery`, `registered`, `correspondence`",
}
"""Fields of an address."""

CONTACT_FIELDS = {
    "phone": "one or several",
    "phone_visibility": "who may see it",
    "email": "one or several",
    "email_visibility": "who may see it",
    "url": "web address, one or several",
    "url_visibility": "who may see it",
}
"""Fields of how to reach somebody."""

ORGANISATION_FIELDS = {
    "organisation_id": "by what assets' rows name it; `source_id` where nothing is said",
    **RECORD_FIELDS,
    "kind": "`informal group`, `charity`, `social enterprise`, `public body`, `business`",
    "legal_form": "in words",
    "social_enterprise_reason": "`legal form`, `member register`, `says so`",
    "founded": "the year",
    "identifier": "numbers on registers, as on org-id.guide: `GB-CHC-1126806`",
    "confirmed_on": "day on which somebody made sure that it exists",
    **PLACE_FIELDS,
    "address_visibility": "who may see the address; area only unless it is one of delivery",
    **CONTACT_FIELDS,
    "works_in": "codes of the areas that it says it works in",
    "works_in_area_type": "their kind",
}
"""Every field of a table of organisations."""

SITE_FIELDS = {
    "site_id": "by what a report names it",
    "asset_id": "the row of the assets' table that it belongs to",
    "mode": "`address`, `place`, `served areas`, `online`, `phone`",
    "place_asset_id": "the place asset that it is at, in the mode `place`",
    **PLACE_FIELDS,
    "served_areas": "codes of the areas where the people live whom it serves",
    "served_area_type": "their kind",
    "opening_hours": "in OpenStreetMap's spelling: `Mo-Fr 09:00-17:00`",
    "hours_words": "when, in words; read as times where that is safe",
    **{
        f"hours_{day}": f"times on {day.capitalize()}: `09:00-17:00`"
        for day in (
            "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        )
    },
    "time_zone": "of its clock, where it is not the place's",
    "capacity": "how many it can take",
    "capacity_unit": "of what: `places a week`",
    "site_visibility": "who may see where this site is",
    "valid_from": "first day",
    "valid_to": "last day",
    **CONTACT_FIELDS,
}  # fmt: skip
"""Every field of a table of sites; one of assets may hold them too, for an asset's one site."""

ASSET_FIELDS = {
    "asset_id": "by what sites' rows name it; `source_id` where nothing is said",
    **RECORD_FIELDS,
    "kind": "`place`, `activity`, `service`, `resource`",
    "organisation_id": "the row of the organisations' table that runs it",
    "category_ids": "codes of categories, the main one first",
    "min_age": "youngest age",
    "max_age": "oldest age",
    "eligibility": "for whom else",
    "cost": "`free`, `paid`, `donation`",
    "cost_amount": "in the place's currency",
    "cost_words": "in words",
    "languages": "by their tags: `en;cy`",
    "how_to_join": "what to do to come",
    "term_time_only": "yes or no; empty is not stated",
    "step_free": "yes or no; empty is not stated",
    "accessible_toilet": "the same",
    "hearing_loop": "the same",
    "parking": "the same",
    "alert": "a warning that stands in front of everything else",
    "alert_until": "its last day",
    "existence_confirmed_on": "day on which somebody made sure that it exists",
    "hours_confirmed_on": "that its hours are right",
    "contact_confirmed_on": "that its contacts are right",
    "confirmed_until": "last day on which these can be relied on",
}
"""Every field of a table of assets, beside those of their sites."""

KEY_FIELDS = {
    "reference": "an identifier that another file has too; only to find the row there, never kept",
}
"""Fields that are read and not kept."""
