"""Downloading one file: resumed, checked, kept, from hosts that fail in every way we know of."""

import asyncio
import errno
import hashlib
import json
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from app.core.fetching import GuardedClient
from app.packs.downloading import DownloadProblem, Manners, Wanted, download
from app.packs.downloading.asking import read_wait
from app.packs.downloading.store import Store
from tests.packs.playing_host import Answer, Asked, Host, hosting, play_file

BODY = random.Random(7).randbytes(400_000)  # noqa: S311 - any bytes that differ
SUM = hashlib.sha256(BODY).hexdigest()
PIECE = 65_536


async def fail(host: Host, wanted: Wanted, folder: Path) -> str:
    """Return the sentence with which a download fails; nothing is left that looks finished."""
    with pytest.raises(DownloadProblem) as caught:
        await host.fetch(wanted, folder)
    assert not (folder / wanted.key / wanted.file).exists()
    return str(caught.value)


async def test_a_file_is_fetched_once_and_its_record_kept(tmp_path: Path) -> None:
    async with hosting(play_file(BODY)) as host:
        wanted = host.wanted("/a.zip", file="a.zip", sha256=SUM.upper())
        assert await host.fetch(wanted, tmp_path) == BODY
        assert await host.fetch(wanted, tmp_path) == BODY
    assert len(host.asked) == 1
    assert "Hereabouts" in host.asked[0].headers["user-agent"]
    record = json.loads((tmp_path / "towns/a.zip.record.json").read_text())
    assert (record["sha256"], record["size_bytes"]) == (SUM, len(BODY))
    assert record["address"] == host.url("/a.zip")
    assert datetime.fromisoformat(record["fetched"]) <= datetime.now(UTC)
    assert host.told[0] == ("Fetching a.zip (bytes)", 0, 400_000)
    assert host.told[-1] == ("Fetching a.zip (bytes)", 400_000, 400_000)
    assert {path.name for path in (tmp_path / "towns").iterdir()} == {"a.zip", "a.zip.record.json"}


async def test_a_kept_file_that_was_damaged_is_fetched_anew(tmp_path: Path) -> None:
    async with hosting(play_file(BODY)) as host:
        await host.fetch(host.wanted("/a"), tmp_path)
        (tmp_path / "towns/towns.csv").write_bytes(b"damaged")
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
    assert len(host.asked) == 2


async def test_whoever_replaced_a_kept_file_is_told_what_to_do(tmp_path: Path) -> None:
    answers = [Answer(BODY), Answer(status=404)]
    async with hosting(lambda _: answers.pop(0)) as host:
        await host.fetch(host.wanted("/a"), tmp_path)
        (tmp_path / "towns/towns.csv").write_bytes(b"by hand")
        with pytest.raises(DownloadProblem, match=r"delete towns\.csv\.record\.json beside it"):
            await host.fetch(host.wanted("/a"), tmp_path)
        (tmp_path / "towns/towns.csv.record.json").unlink()
        assert await host.fetch(host.wanted("/a"), tmp_path) == b"by hand"


async def test_a_file_put_there_by_hand_is_taken(tmp_path: Path) -> None:
    (tmp_path / "towns").mkdir()
    (tmp_path / "towns/towns.csv").write_bytes(BODY)
    async with hosting(play_file(b"other")) as host:
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
        assert await host.fetch(host.wanted("/a", sha256=SUM), tmp_path) == BODY
    assert host.asked == []
    assert json.loads((tmp_path / "towns/towns.csv.record.json").read_text())["address"] is None


async def test_a_file_by_hand_with_another_checksum_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "towns").mkdir()
    (tmp_path / "towns/towns.csv").write_bytes(b"other")
    async with hosting(lambda _: Answer(status=404)) as host:
        with pytest.raises(DownloadProblem, match=f"has the SHA-256 [0-9a-f]+, not {SUM}"):
            await host.fetch(host.wanted("/a", sha256=SUM), tmp_path)
    assert (tmp_path / "towns/towns.csv").read_bytes() == b"other"  # it is the operator's


async def test_a_cut_connection_is_taken_up_where_it_broke_off(tmp_path: Path) -> None:
    async with hosting(play_file(BODY, cuts=[150_000])) as host:
        assert await host.fetch(host.wanted("/a", sha256=SUM), tmp_path) == BODY
    first, second = host.asked
    assert "range" not in first.headers
    assert second.headers["range"] == f"bytes={2 * PIECE}-"
    assert second.headers["if-range"] == '"one"'
    assert host.sent_bytes == [150_000, 400_000 - 2 * PIECE]
    assert host.waits == [1]


async def test_a_second_call_goes_on_after_the_first_gave_up(tmp_path: Path) -> None:
    async with hosting(play_file(BODY, cuts=[100_000, 1_000, 1_000, 1_000])) as host:
        sentence = await fail(host, host.wanted("/a"), tmp_path)
        assert "127.0.0.1: The answer of 127.0.0.1 broke off" in sentence
        assert "(4 attempts)" in sentence
        assert host.waits == [1, 4, 15]
        assert await host.fetch(host.wanted("/a", sha256=SUM), tmp_path) == BODY
    assert host.asked[-1].headers["range"] == f"bytes={PIECE}-"


async def test_a_download_that_was_killed_goes_on(tmp_path: Path) -> None:
    """The first 200,000 bytes come, then nothing; the task is cancelled while it waits."""
    stalls = True

    def play(asked: Asked) -> Answer:
        if stalls:
            return Answer(BODY[:200_000], 200, {"ETag": '"one"', "Content-Length": "400000"})
        return play_file(BODY)(asked)

    async with hosting(play) as host:
        wanted = host.wanted("/a", sha256=SUM)
        part = tmp_path / "towns/towns.csv.part"
        task = asyncio.create_task(_sleepy(host, wanted, tmp_path))
        while not part.exists() or part.stat().st_size < 3 * PIECE:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        stalls = False
        assert await host.fetch(wanted, tmp_path) == BODY
    assert host.asked[-1].headers["range"] == f"bytes={3 * PIECE}-"


async def _sleepy(host: Host, wanted: Wanted, folder: Path) -> None:
    async def progress(_step: str, _done: int, _total: int | None) -> None:
        pass

    async with GuardedClient(allow=frozenset({("127.0.0.1", host.port)})) as client:
        await download(wanted, folder, progress, client, Manners(pauses_s=(60,), quiet_s=0.2))


async def test_another_edition_is_fetched_from_its_start(tmp_path: Path) -> None:
    old, new = play_file(b"x" * 400_000, '"old"', [150_000]), play_file(BODY, '"new"')

    def play(asked: Asked) -> Answer:
        return old(asked) if len(host.asked) == 1 else new(asked)

    async with hosting(play) as host:
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
    assert host.asked[1].headers["if-range"] == '"old"'


async def test_a_host_that_mixes_editions_is_not_believed(tmp_path: Path) -> None:
    """It ignores If-Range and sends the rest of another edition."""

    def play(asked: Asked) -> Answer:
        if len(host.asked) == 1:
            return Answer(b"x" * 400_000, 200, {"ETag": '"old"'}, cut=150_000)
        if "range" in asked.headers:
            said = {"ETag": '"new"', "Content-Range": f"bytes {2 * PIECE}-399999/400000"}
            return Answer(BODY[2 * PIECE :], 206, said)
        return Answer(BODY, 200, {"ETag": '"new"'})

    async with hosting(play) as host:
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
    assert len(host.asked) == 3


@pytest.mark.parametrize("said", [{"ETag": '"one"'}, {"ETag": 'W/"weak"'}, {}])
async def test_a_host_without_ranges_sends_it_all_again(
    tmp_path: Path, said: dict[str, str]
) -> None:
    cuts = [150_000, None]
    async with hosting(lambda _: Answer(BODY, 200, said, cuts.pop(0))) as host:
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
    assert ("range" in host.asked[1].headers) == (said == {"ETag": '"one"'})


async def test_a_part_that_was_complete_already_is_fetched_anew(tmp_path: Path) -> None:
    async with hosting(play_file(BODY, cuts=[100_000] * 4)) as host:
        await fail(host, host.wanted("/a"), tmp_path)
        (tmp_path / "towns/towns.csv.part").write_bytes(b"y" * 400_000)
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY


async def test_a_wrong_checksum_is_refused_with_both(tmp_path: Path) -> None:
    async with hosting(play_file(BODY)) as host:
        sentence = await fail(host, host.wanted("/a", sha256="0" * 64), tmp_path)
    assert f"its SHA-256 is {SUM}, not {'0' * 64}" in sentence
    assert list((tmp_path / "towns").iterdir()) == []


async def test_the_next_address_is_tried_when_one_is_gone(tmp_path: Path) -> None:
    def play(asked: Asked) -> Answer:
        return Answer(status=404) if asked.path == "/2026" else play_file(BODY)(asked)

    async with hosting(play) as host:
        assert await host.fetch(host.wanted("/2026", "/2025"), tmp_path) == BODY
    assert [asked.path for asked in host.asked] == ["/2026", "/2025"]
    assert host.waits == []


async def test_every_address_is_told_with_the_remedy(tmp_path: Path) -> None:
    async with hosting(lambda asked: Answer(status=410 if asked.path == "/a" else 403)) as host:
        sentence = await fail(host, host.wanted("/a", "/b"), tmp_path)
    assert sentence == (
        "towns.csv (`sources.towns`) could not be fetched. "
        "127.0.0.1: There is nothing at this address any more: status 410 (Gone). "
        "127.0.0.1: It answered with status 403 (Forbidden). "
        f"Get it by hand from {host.url('/a')} and put it at {tmp_path}/towns/towns.csv, "
        "or name a mirror with MIRROR=."
    )


async def test_a_host_that_hangs_is_given_up_after_a_few_attempts(tmp_path: Path) -> None:
    async with hosting(lambda _: Answer(hangs=True)) as host:
        sentence = await fail(host, host.wanted("/a"), tmp_path)
    assert "does not answer as it should" in sentence
    assert (len(host.asked), host.waits) == (4, [1, 4, 15])


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_time_gets_it(tmp_path: Path, status: int) -> None:
    answers = [Answer(status=status, headers={"Retry-After": "30"}), Answer(BODY)]
    async with hosting(lambda _: answers.pop(0)) as host:
        assert await host.fetch(host.wanted("/a"), tmp_path) == BODY
    assert host.waits == [30]


async def test_a_host_that_asks_for_too_much_time_is_left_alone(tmp_path: Path) -> None:
    busy = Answer(status=503, headers={"Retry-After": "86400"})
    async with hosting(lambda _: busy) as host:
        sentence = await fail(host, host.wanted("/a"), tmp_path)
    assert "asks to be left alone for 86,400 seconds" in sentence
    assert host.waits == []


def test_the_wait_may_be_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    assert 45 < (read_wait(moment) or 0) <= 50
    assert read_wait("Tue, 01 Jan 2019 00:00:00 GMT") == 0
    assert read_wait("soon") is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"{}", headers={"Content-Type": "text/html; charset=utf-8"}),
        Answer(b"\n<!DOCTYPE html><title>Sorry</title>"),
    ],
)
async def test_a_web_page_in_place_of_the_file_is_refused(tmp_path: Path, answer: Answer) -> None:
    async with hosting(lambda _: answer) as host:
        sentence = await fail(host, host.wanted("/a"), tmp_path)
        assert "It sent a web page in place of the file" in sentence
        assert await host.fetch(host.wanted("/a", file="page.html"), tmp_path) == answer.body


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(b""), "It sent an empty file"),
        (Answer(b"x", 206), "It sent a part where the whole file was asked for"),
        (Answer(b"x" * 5_000), "sends more than 0.001 MB"),
        (Answer(status=302, headers={"Location": "ftp://x/"}), "begin with https:// or http://"),
    ],
)
async def test_other_answers_that_are_no_file_are_refused(
    tmp_path: Path, answer: Answer, sentence: str
) -> None:
    async with hosting(lambda _: answer) as host:
        assert sentence in await fail(host, host.wanted("/a", size_bytes=1_000), tmp_path)


async def test_without_network_there_is_a_sentence(tmp_path: Path) -> None:
    async with hosting(lambda _: Answer()) as host:
        pass
    sentence = await fail(host, host.wanted("/a", "/b"), tmp_path)
    assert "127.0.0.1 does not answer as it should" in sentence
    assert "It did not answer before, so it was not asked again." in sentence
    assert "Get it by hand" in sentence
    assert host.waits == [1]


async def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "towns").mkdir()
    (tmp_path / "towns/towns.csv.part").symlink_to("/dev/full")
    async with hosting(play_file(BODY)) as host:
        sentence = await fail(host, host.wanted("/a", "/b"), tmp_path)
    assert "the disk is full. Make room" in sentence
    assert len(host.asked) == 1  # no other address has more room


async def test_a_disk_that_fills_up_later_keeps_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = Store.append

    def append(self: Store, content: bytes) -> int:
        with self.writing():
            if self.measure_part() >= 2 * PIECE:
                raise OSError(errno.ENOSPC, "No space left on device")
        return saved(self, content)

    async with hosting(play_file(BODY)) as host:
        monkeypatch.setattr(Store, "append", append)
        assert "the disk is full" in await fail(host, host.wanted("/a"), tmp_path)
        monkeypatch.setattr(Store, "append", saved)
        assert await host.fetch(host.wanted("/a", sha256=SUM), tmp_path) == BODY
    assert host.asked[1].headers["range"] == f"bytes={2 * PIECE}-"


async def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "towns").write_text("a file where the folder should be")
    async with hosting(play_file(BODY)) as host:
        assert "could not be saved" in await fail(host, host.wanted("/a"), tmp_path)


async def test_two_downloads_of_one_file_do_not_mix(tmp_path: Path) -> None:
    async with hosting(play_file(BODY)) as host:
        wanted = host.wanted("/a")
        with Store(wanted, tmp_path).hold():
            assert "is being downloaded already" in await fail(host, wanted, tmp_path)


async def test_a_host_is_asked_one_thing_at_a_time(tmp_path: Path) -> None:
    async with hosting(play_file(BODY)) as host:
        address = (host.url("/a"),)
        several = [Wanted(f"town{number}", "a.csv", address) for number in range(4)]
        await asyncio.gather(*(host.fetch(each, tmp_path) for each in several))
    assert (len(host.asked), host.most_at_once) == (4, 1)


@pytest.mark.parametrize(("key", "file"), [("a", "../b"), ("/a", "b"), ("a", ""), ("..", "b")])
def test_a_name_outside_the_folder_is_refused(key: str, file: str) -> None:
    with pytest.raises(DownloadProblem, match="outside the folder"):
        Wanted(key, file, ("https://town.example/",))


def test_a_source_without_an_address_is_refused() -> None:
    with pytest.raises(DownloadProblem, match=r"`sources\.a` names no address"):
        Wanted("a", "b", ())
