"""Public identifiers: random for what people add, worked out for what is imported."""

from uuid import UUID, uuid4, uuid5

from app.records.vocabulary import Subject

_NAMESPACE = UUID("6f1d3d0c-52a5-5c8b-9d2f-8a7f5b6b1c3e")


def name_imported(subject: Subject, source: str, source_id: str) -> UUID:
    """Return the public id of what a source calls `source_id`: the same after every load.

    So links keep working when a database is made anew, and a file can name what another holds.
    """
    return uuid5(_NAMESPACE, "\x1f".join((subject, source, source_id)))


def name_new() -> UUID:
    """Return a public id that nobody can guess."""
    return uuid4()
