"""Sentences for the visitor whose values are put in after they are translated."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


def mark_sentence(sentence: str) -> str:
    """Return `sentence`; the call puts it on the list of sentences to translate."""
    return sentence


class Said(NamedTuple):
    """A sentence for the visitor, translated before its values are put in.

    Attributes:
        sentence: With places such as %(value)s.
        values: What stands there.
    """

    sentence: str
    values: Mapping[str, Any] = {}

    def write(self, translate: Callable[[str], str]) -> str:
        """Return it in the visitor's language; values that are sentences of ours as well."""
        sentence = translate(self.sentence)
        values = {
            name: translate(value) if isinstance(value, str) else value
            for name, value in self.values.items()
        }
        return sentence % values if values else sentence


Problems = dict[str, Said]
"""What is to be put right, by the id of the field."""
