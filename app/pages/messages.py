"""The list of sentences to translate. `python -m app.pages.messages` writes it anew."""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

HERE = Path(__file__).parent
TEMPLATE_FILE = HERE / "locale" / "messages.pot"

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark_sentence": None}


def extract_messages() -> Catalog:
    """Return every sentence that the pages pass through gettext."""
    catalog = Catalog(
        project="Hereabouts",
        header_comment="# The sentences of Hereabouts, for translators.",
        msgid_bugs_address="the project's issues",
        charset="utf-8",
        fuzzy=False,
    )
    found = extract_from_dir(
        HERE,
        method_map=_METHODS,
        options_map=_OPTIONS,
        keywords=_KEYWORDS,
        comment_tags=("For translators:",),
    )
    for file, _line, message, comments, context in found:
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def write_messages() -> None:
    """Write the list that translators start from."""
    with TEMPLATE_FILE.open("wb") as file:
        # Without line numbers the list changes only when a sentence does.
        write_po(file, extract_messages(), width=100, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    write_messages()
