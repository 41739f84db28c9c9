"""What a template finds where nobody gave it anything."""

from typing import Any, Self

from jinja2 import StrictUndefined, Undefined
from jinja2.utils import missing


class StrictName(StrictUndefined):
    """A name that nobody gave is a slip; an option that a dict does not hold is one not wished.

    The components of govuk-frontend ask their dict of options for many that few pages give, and
    some of them whether they were called with a block.
    """

    def __new__(cls, *given: Any, **named: Any) -> Self:  # noqa: ANN401 - jinja's own
        """Return what stands in for the missing thing."""
        whose = named.get("obj", given[1] if len(given) > 1 else missing)
        if isinstance(whose, dict) or named.get("name") == "caller":
            return Undefined(*given, **named)  # type: ignore[return-value]
        return super().__new__(cls)
