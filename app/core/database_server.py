"""The database server that the settings mean: one elsewhere, or the private one in var/."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.database import DatabaseAddress
from app.core.local_postgres import LocalPostgres
from app.core.run_lock import AlreadyRunningError, RunLock
from app.core.settings import Settings


def named_database(settings: Settings) -> DatabaseAddress | None:
    """Return the database that DATABASE_URL names, or None when the private one is meant.

    Raises:
        ValueError: It is not the address of a PostgreSQL database.
    """
    if settings.database_url is None:
        return None
    return DatabaseAddress(settings.database_url.get_secret_value())


def private_cluster(settings: Settings) -> LocalPostgres:
    """Return the private cluster, started or not."""
    return LocalPostgres(settings.var_dir / "postgres")


@contextmanager
def open_database_server(settings: Settings) -> Iterator[DatabaseAddress]:
    """Yield the address of a database server that runs, for one command.

    The private cluster of a service that runs is shared with it; otherwise it is started for
    the time of the command.

    Raises:
        LocalPostgresError: The private cluster cannot be started.
        AlreadyRunningError: Another process is just starting or stopping it.
    """
    if address := named_database(settings):
        yield address
        return
    cluster = private_cluster(settings)
    lock = RunLock(settings.var_dir)
    try:
        lock.acquire()
    except AlreadyRunningError:
        if not cluster.is_running():
            raise
        yield cluster.address
        return
    try:
        with cluster.running():
            yield cluster.address
    finally:
        lock.release()
