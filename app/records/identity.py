"""Identifiers: random ones for the public, worked-out ones for rows that refer to each other."""

from uuid import UUID, uuid4, uuid5

from app.records.vocabulary import Subject

_NAMESPACE = UUID("6f1d3d0c-52a5-5c8b-9d2f-8a7f5b6b1c3e")


def name_imported(subject: Subject, source: str, source_id: str) -> UUID:
    """Return what stands for a source's `source_id` wherever rows to import refer to each other.

    The same in every load, so that a file can name what another holds. It is never shown: who
    guesses what it was made from, such as a postcode, could make it too.
    """
    return uuid5(_NAMESPACE, f"{subject}\x1f{source}\x1f{source_id}")


def name_new() -> UUID:
    """Return a public id that nobody can guess."""
    return uuid4()
