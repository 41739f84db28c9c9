"""One download from first to last: what is kept already, each address in turn, the check."""

import asyncio
from pathlib import Path

from app.core.fetching import GuardedClient
from app.packs.downloading.arcgis import FeatureLayer
from app.packs.downloading.asking import Asker, name_host
from app.packs.downloading.nomis import NomisTable
from app.packs.downloading.paging import download_pages
from app.packs.downloading.store import Store
from app.packs.downloading.wanted import (
    AddressProblem,
    DownloadProblem,
    Manners,
    Progress,
    Wanted,
)
from app.packs.downloading.whole_file import download_file

_POLITE = Manners()


async def download(
    wanted: Wanted,
    folder: Path,
    progress: Progress,
    client: GuardedClient,
    manners: Manners = _POLITE,
) -> Path:
    """Return the path of a file, fetched unless it is kept already.

    It is kept at `folder/key/file`, with a record of where it came from. A file that somebody put
    there by hand is taken, if it has the checksum that is wanted or none is stated. A download
    that breaks off goes on where it was when this is called again.

    Args:
        wanted: What to fetch, and from where.
        folder: Where downloads are kept.
        progress: Told the bytes (one file) or rows (pages) so far.
        client: What requests go through; limits are those of `wanted` and `manners`.
        manners: How patient and polite to be.

    Raises:
        DownloadProblem: No address will do, or the file cannot be saved.
    """
    store = Store(wanted, folder)
    with store.hold():
        note = ""
        if store.path.is_file():
            note = await _check_kept(wanted, store)
            if not note:
                return store.path
        asker = Asker(client, manners)
        failures = []
        for address in wanted.addresses:
            try:
                await _download_from(wanted, address, store, asker, progress)
            except AddressProblem as problem:
                failures.append(f"{name_host(address)}: {problem}")
            else:
                return store.path
    raise DownloadProblem(_say_failed(wanted, store.path, failures, note))


async def _check_kept(wanted: Wanted, store: Store) -> str:
    """Return a sentence saying why the file that is there will not do; empty if it will."""
    found = await asyncio.to_thread(store.checksum, store.path)
    record = store.read_record()
    if wanted.sha256 is not None and found != wanted.sha256.lower():
        return f"The file that is there now has the SHA-256 {found}, not {wanted.sha256}."
    if record is not None and record.sha256 == found:
        return ""
    if record is None or wanted.sha256 is not None:
        store.keep_record(store.describe(store.path, found, None, None))
        return ""
    return (
        "The file that is there now is not the one that was fetched. If it was put there by hand, "
        f"delete {store.path.name}.record.json beside it."
    )


async def _download_from(
    wanted: Wanted, address: str, store: Store, asker: Asker, progress: Progress
) -> None:
    rows = None
    match wanted.protocol:
        case "file":
            await download_file(wanted, address, store, asker, progress)
        case "arcgis":
            layer = FeatureLayer(address, wanted, asker)
            rows = await download_pages(layer, wanted, store, asker, progress)
        case "nomis":
            table = NomisTable(address, wanted, asker)
            rows = await download_pages(table, wanted, store, asker, progress)
    found = await asyncio.to_thread(store.checksum, store.part)
    if wanted.sha256 is not None and found != wanted.sha256.lower():
        store.discard()
        raise AddressProblem(
            f"It sent another file than the one wanted: its SHA-256 is {found}, "
            f"not {wanted.sha256}."
        )
    store.finish(store.describe(store.part, found, address, rows))


def _say_failed(wanted: Wanted, path: Path, failures: list[str], note: str) -> str:
    remedy = (
        f"Get it by hand from {wanted.addresses[0]} and put it at {path}, "
        "or name a mirror with MIRROR=."
    )
    wish = f"{wanted.file} (`sources.{wanted.key}`) could not be fetched."
    return " ".join(sentence for sentence in (wish, *failures, note, remedy) if sentence)
