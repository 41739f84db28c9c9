"""Tables written as TOML."""

from collections.abc import Mapping, Sequence

Value = str | int | float | bool | Sequence["Value"] | Mapping[str, "Value"]
Table = dict[str, Value]


def write_pairs(table: Mapping[str, Value]) -> list[str]:
    """Return a line for each key of a table."""
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    is_bare = all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in key)
    return key if is_bare and key else _value(key)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(write_pairs(value)) + " }"
    return "[" + ", ".join(_value(item) for item in value) + "]"
