"""Sentences for a load that the machine or the database breaks off."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.packs.manifest import PackProblem

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DISK_FULL = "53100"
BROKEN = ("08", "57P")
"""How the codes begin that PostgreSQL gives a connection that it, or somebody, ends."""

UNCHANGED = "Nothing has changed: what was loaded before is still there."


@asynccontextmanager
async def telling_failures() -> AsyncIterator[None]:
    """Turn a full disk and a database that goes away into a sentence.

    Raises:
        PackProblem: The disk is full, here or at the database, or the database broke off.
    """
    try:
        yield
    except DBAPIError as error:
        said = _say(error.orig, is_cut=error.connection_invalidated)
        if said is None:
            raise
        raise PackProblem(said) from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = _say(error, is_cut=isinstance(error, asyncpg.InterfaceError))
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise PackProblem(
            said or f"The database refuses what is in the pack ({first}). {UNCHANGED}"
        ) from error
    except ConnectionRefusedError as error:
        raise PackProblem(_say_broken()) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        where = f" ({error.filename})" if error.filename else ""
        raise PackProblem(
            f"The disk is full{where}: files of the pack are unpacked to a temporary folder. "
            f"Make room, or name another folder: TMPDIR=/path/with/room. {UNCHANGED}"
        ) from error


def _say(error: object, *, is_cut: bool) -> str | None:
    """Return the sentence for an error of the database, None where it is none of these."""
    code = str(getattr(error, "sqlstate", None) or "")
    if code == DISK_FULL:
        return (
            "The disk is full where the database keeps its files. Make room there, and load the "
            f"pack again. {UNCHANGED}"
        )
    return _say_broken() if is_cut or code.startswith(BROKEN) else None


def _say_broken() -> str:
    return (
        "The connection to the database broke in the middle of the load. See that it runs, and "
        f"load the pack again. {UNCHANGED}"
    )
