"""A manifest written short: `for_each` writes a table out many times, `include` adds a file's."""

import re
from typing import Any

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class PlaceholderError(ValueError):
    """A `{word}` that no line of `for_each` explains; the message is the sentence."""


def expand(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `tables` with each `for_each` written out.

    A table with `for_each = [{ key = "income", name = "Income" }, ...]` becomes one table per
    line of the list: `{key}` and `{name}` in its texts are replaced. What a line says that no text
    asks for is a key of the table itself, in place of what stands there.

    Raises:
        PlaceholderError: A text holds a `{word}` that the line does not have, or `for_each` is no
            list of tables.
    """
    written: list[dict[str, Any]] = []
    for table in tables:
        if not isinstance(table, dict) or "for_each" not in table:
            written.append(table)
            continue
        template = {key: value for key, value in table.items() if key != "for_each"}
        lines = table["for_each"]
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise PlaceholderError(
                'write `for_each` as a list of tables: [{ key = "income", name = "Income" }, ...]'
            )
        written += [_write_out(template, line) for line in lines]
    return written


def merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return an included file and the manifest that includes it as one.

    Lists of tables follow one another, the included file's first; tables are joined key by key;
    of anything else, what the manifest says counts.
    """
    merged = dict(below)
    for key, value in above.items():
        under = below.get(key)
        if isinstance(value, dict) and isinstance(under, dict):
            merged[key] = {**under, **value}
        elif isinstance(value, list) and isinstance(under, list):
            merged[key] = [*under, *value]
        else:
            merged[key] = value
    return merged


def _write_out(template: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
    used: set[str] = set()
    filled = {key: _fill(value, line, used) for key, value in template.items()}
    own = {key: value for key, value in line.items() if key not in used}
    return {**filled, **own}


def _fill(value: Any, line: dict[str, Any], used: set[str]) -> Any:  # noqa: ANN401 - any TOML
    if isinstance(value, dict):
        return {_fill(key, line, used): _fill(item, line, used) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, line, used) for item in value]
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        word = match[1]
        if word not in line:
            known = ", ".join(line)
            raise PlaceholderError(f"{{{word}}} in {value!r} is none of: {known}")
        used.add(word)
        return str(line[word])

    return PLACEHOLDER.sub(replace, value)
