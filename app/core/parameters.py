"""Kinds of value that callers may send, with the limits that every one of them needs."""

from typing import Annotated

from pydantic import Field, StringConstraints

PlainText = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
"""Words from outside: short, and without the character that PostgreSQL cannot hold."""

Year = Annotated[int, Field(ge=1800, le=2200)]
"""A year of data."""

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The number of a row."""
