"""A name that nobody gave stops a template; an option that was not given does not."""

import pytest
from jinja2 import Environment, UndefinedError

from app.pages.names import StrictName

ENVIRONMENT = Environment(undefined=StrictName, autoescape=True)


def render(text: str, **given: object) -> str:
    """Return what a template makes of what it is given."""
    return ENVIRONMENT.from_string(text).render(given)


@pytest.mark.parametrize("text", ["{{ tilte }}", "{% if tilte %}{% endif %}", "{{ place.nmae }}"])
def test_a_misspelt_name_is_told(text: str) -> None:
    with pytest.raises(UndefinedError):
        render(text, title="x", place=object())


def test_an_option_that_a_dict_lacks_is_one_not_wished() -> None:
    text = "{% if options.hint %}hint{% else %}none{% endif %}{{ options.text }}"
    assert render(text, options={"label": "x"}) == "none"
