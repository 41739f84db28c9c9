"""Downloading one file, going on where the last attempt broke off."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import PurePosixPath

from app.core.fetching import FetchedStream
from app.packs.downloading.asking import Asker, PassingProblem, check_status, is_web_page
from app.packs.downloading.store import Progressed, Store
from app.packs.downloading.wanted import AddressProblem, Progress, Wanted

TELL_BYTES = 1_000_000
"""How many bytes pass between two tellings of progress."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


async def download_file(
    wanted: Wanted, address: str, store: Store, asker: Asker, progress: Progress
) -> None:
    """Fetch the file at `address` into the part of `store`, all of it.

    Raises:
        AddressProblem: It cannot be had there.
        DownloadProblem: It cannot be saved.
    """

    async def attempt() -> None:
        await _attempt(wanted, address, store, asker, progress)

    await asker.patiently(address, attempt)


async def _attempt(
    wanted: Wanted, address: str, store: Store, asker: Asker, progress: Progress
) -> None:
    so_far = _find_resumable(store, address)
    headers = {"Accept-Encoding": "identity", **(_ask_for_rest(so_far) if so_far else {})}
    room = wanted.size_bytes - (so_far.size_bytes if so_far else 0)
    async with asker.stream(address, headers, room) as answer:
        if so_far and not _is_the_rest(answer, so_far):
            if answer.status == HTTPStatus.OK:
                so_far = None
            else:
                _refuse_rest(answer, store)
        check_status(answer)
        if so_far is None and answer.status == HTTPStatus.PARTIAL_CONTENT:
            raise AddressProblem("It sent a part where the whole file was asked for.")
        if so_far is None:
            store.begin(_describe(address, answer))
        await _save(wanted, answer, store, progress)


def _find_resumable(store: Store, address: str) -> Progressed | None:
    """Return how far an earlier attempt came, if its edition can be told from others."""
    found = store.resume(address)
    if found is None or not (found.etag or found.last_modified):
        return None
    # Of a single file every byte that was saved counts: bytes come in order.
    size_bytes = store.measure_part()
    return found.model_copy(update={"size_bytes": size_bytes}) if size_bytes else None


def _ask_for_rest(so_far: Progressed) -> dict[str, str]:
    edition = so_far.etag or so_far.last_modified or ""
    return {"Range": f"bytes={so_far.size_bytes}-", "If-Range": edition}


def _is_the_rest(answer: FetchedStream, so_far: Progressed) -> bool:
    """Whether an answer goes on exactly where the part ends, in the same edition."""
    stated = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if answer.status != HTTPStatus.PARTIAL_CONTENT or stated is None:
        return False
    etag = answer.headers.get("etag")
    is_same = etag is None or so_far.etag is None or etag == so_far.etag
    return is_same and int(stated[1]) == so_far.size_bytes


def _refuse_rest(answer: FetchedStream, store: Store) -> None:
    """Give up the part where the answer shows that it cannot be gone on with."""
    if answer.status in (HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
        store.discard()
        raise PassingProblem("It could not go on where the last attempt broke off.")


def _describe(address: str, answer: FetchedStream) -> Progressed:
    """Return what tells this edition from others; nothing where bytes cannot be counted on."""
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        return Progressed(address=address)  # ranges count packed bytes, the part holds unpacked
    etag = answer.headers.get("etag", "")
    return Progressed(
        address=address,
        etag=etag if etag.startswith('"') else None,  # a weak one (W/) promises no equal bytes
        last_modified=answer.headers.get("last-modified"),
    )


async def _save(wanted: Wanted, answer: FetchedStream, store: Store, progress: Progress) -> None:
    step = f"Fetching {wanted.file} (bytes)"
    done = store.measure_part()
    total = _read_total(answer.headers, done)
    told = done
    await progress(step, done, total)
    async for piece in answer.aiter_bytes():
        if done == 0:
            _refuse_page(wanted, answer, piece, store)
        done = store.append(piece)
        if done - told >= TELL_BYTES:
            told = done
            await progress(step, done, total)
    if done == 0:
        store.discard()
        raise AddressProblem("It sent an empty file.")
    await progress(step, done, total)


def _read_total(headers: Mapping[str, str], done: int) -> int | None:
    length = headers.get("content-length", "")
    packed = headers.get("content-encoding", "identity").lower() != "identity"
    return done + int(length) if length.isdecimal() and not packed else None


def _refuse_page(wanted: Wanted, answer: FetchedStream, head: bytes, store: Store) -> None:
    if PurePosixPath(wanted.file).suffix.lower() in (".html", ".htm"):
        return
    if is_web_page(answer.headers.get("content-type", ""), head):
        store.discard()
        raise AddressProblem("It sent a web page in place of the file; perhaps the file has moved.")
