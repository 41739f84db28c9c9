"""Downloading page by page, from feature services and tables that fail in every way we know of."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.files import open_table
from app.packs.downloading import DownloadProblem, Wanted
from tests.packs.playing_host import Answer, Asked, Host, Play, as_json, hosting

QUERY = "/lsoa/FeatureServer/0/query?where=LAD25CD+IN+('E1','E2')&outFields=*&orderByFields=CODE"
TABLE = f"{QUERY}&f=json"
NOMIS = "/NM_1.data.csv?geography=TYPE151&c_age=101...103&select=code,obs_value,record_count"


def play_layer(rows: int, at_most: int = 3, *, nested: bool = True, counts: int = -1) -> Play:
    """Play a feature service that hands out `at_most` rows at once, whatever is asked for."""

    def play(asked: Asked) -> Answer:
        query = asked.query
        if "returnCountOnly" in query:
            return as_json({"count": rows if counts < 0 else counts})
        start = int(query["resultOffset"])
        stop = min(start + min(at_most, int(query["resultRecordCount"])), rows)
        values = [{"CODE": f"00{n}", "NAME": f"Town, {n}"} for n in range(start, stop)]
        more = {"exceededTransferLimit": True} if stop < rows else {}
        if query["f"] == "json":
            fields = [{"name": "CODE"}, {"name": "NAME"}]
            return as_json(
                {"fields": fields, "features": [{"attributes": v} for v in values], **more}
            )
        features = [
            {
                "type": "Feature",
                "id": int(each["CODE"]),
                "geometry": {"type": "Point", "coordinates": [-3.0, 53.0]},
                "properties": each,
            }
            for each in values
        ]
        told = {"properties": more} if nested else more
        return as_json({"type": "FeatureCollection", "features": features, **told})

    return play


def play_nomis(rows: int, at_most: int = 3, columns: str = "CODE,OBS_VALUE,RECORD_COUNT") -> Play:
    """Play Nomis, which cuts a table at `at_most` rows and says nothing."""

    def play(asked: Asked) -> Answer:
        start = int(asked.query["RecordOffset"])
        lines = [f'"E{n}",{n},{rows}\r\n' for n in range(start, min(start + at_most, rows))]
        head = ",".join(f'"{name}"' for name in columns.split(",")) + "\r\n"
        return Answer(
            f"\ufeff{head}{''.join(lines)}".encode(), headers={"Content-Type": "text/csv"}
        )

    return play


def layer(host: Host, *paths: str, **more: Any) -> Wanted:  # noqa: ANN401 - as in Host.wanted
    """Return the wish for a layer."""
    return host.wanted(*(paths or (QUERY,)), file="a.geojson", protocol="arcgis", **more)


def table(host: Host, **more: Any) -> Wanted:  # noqa: ANN401 - the same
    """Return the wish for a table of Nomis."""
    return host.wanted(NOMIS, protocol="nomis", **more)


async def fail(host: Host, wanted: Wanted, folder: Path, *, keeps: bool = False) -> str:
    """Return the sentence with which a download fails; a part is kept only if it can be used."""
    with pytest.raises(DownloadProblem) as caught:
        await host.fetch(wanted, folder)
    names = {path.name for path in (folder / wanted.key).iterdir()}
    assert names == ({f"{wanted.file}.part", f"{wanted.file}.part.json"} if keeps else set())
    return str(caught.value)


def offsets(host: Host, key: str = "resultOffset") -> list[str]:
    """Return which pages were asked for."""
    return [asked.query[key] for asked in host.asked if key in asked.query]


def read_codes(content: bytes) -> list[str]:
    """Return the codes of a GeoJSON file."""
    return [feature["properties"]["CODE"] for feature in json.loads(content)["features"]]


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("rows", [1, 3, 4, 8])
async def test_the_pages_of_a_layer_become_one_file(
    tmp_path: Path, rows: int, *, nested: bool
) -> None:
    async with hosting(play_layer(rows, nested=nested)) as host:
        content = await host.fetch(layer(host, rows=rows), tmp_path)
        assert await host.fetch(layer(host, rows=rows), tmp_path) == content
    assert read_codes(content) == [f"00{number}" for number in range(rows)]
    assert offsets(host) == [str(start) for start in range(0, rows, 3)]
    count = host.asked[0].query
    assert count["returnCountOnly"] == "true"
    assert count["where"] == "LAD25CD IN ('E1','E2')"
    assert host.told[-1] == ("Fetching a.geojson (rows)", rows, rows)
    with open_table(tmp_path / "towns/a.geojson") as opened:
        assert [row.values["NAME"] for row in opened] == [f"Town, {n}" for n in range(rows)]
    record = json.loads((tmp_path / "towns/a.geojson.record.json").read_text())
    assert record["rows"] == rows


async def test_as_many_features_are_asked_for_as_wanted(tmp_path: Path) -> None:
    async with hosting(play_layer(5, at_most=2000)) as host:
        await host.fetch(layer(host, page_rows=2), tmp_path)
    assert offsets(host) == ["0", "2", "4"]
    assert host.most_at_once == 1
    assert host.waits == [0.3, 0.3, 0.3]


async def test_a_table_without_shapes_becomes_csv(tmp_path: Path) -> None:
    async with hosting(play_layer(4)) as host:
        wanted = host.wanted(TABLE, protocol="arcgis", rows=4)
        content = await host.fetch(wanted, tmp_path)
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows == [["CODE", "NAME"], *([f"00{n}", f"Town, {n}"] for n in range(4))]
    assert host.asked[-1].query["returnGeometry"] == "false"
    with open_table(tmp_path / "towns/towns.csv") as opened:
        assert [row.values["CODE"] for row in opened] == ["000", "001", "002", "003"]


async def test_an_error_in_a_success_is_told_and_the_next_release_tried(tmp_path: Path) -> None:
    error = {"error": {"code": 400, "message": "Invalid URL", "details": ["Invalid URL"]}}

    def play(asked: Asked) -> Answer:
        return as_json(error) if asked.path == "/gone/query" else play_layer(2)(asked)

    async with hosting(play) as host:
        gone = await fail(host, layer(host, "/gone/query?where=1=1"), tmp_path)
        assert "127.0.0.1: It answered with error 400: Invalid URL." in gone
        content = await host.fetch(layer(host, "/gone/query?where=1=1", QUERY), tmp_path)
    assert read_codes(content) == ["000", "001"]
    assert 1 not in host.waits  # it is gone: nothing to wait for


async def test_a_service_in_trouble_is_asked_again(tmp_path: Path) -> None:
    troubles = [as_json({"error": {"code": 504, "message": "Timed out"}}), Answer(status=502)]

    def play(asked: Asked) -> Answer:
        if asked.query.get("resultOffset") == "3" and troubles:
            return troubles.pop(0)
        return play_layer(4)(asked)

    async with hosting(play) as host:
        assert len(read_codes(await host.fetch(layer(host), tmp_path))) == 4
    assert host.waits == [0.3, 0.3, 1, 4]


@pytest.mark.parametrize("answer", [Answer(hangs=True), Answer(b"x" * 9_999, cut=50)])
async def test_pages_that_came_are_not_asked_for_again(tmp_path: Path, answer: Answer) -> None:
    is_well = False

    def play(asked: Asked) -> Answer:
        return answer if asked.query.get("resultOffset") == "6" and not is_well else good(asked)

    good = play_layer(8)
    async with hosting(play) as host:
        sentence = await fail(host, layer(host), tmp_path, keeps=True)
        assert "(4 attempts)" in sentence
        with (tmp_path / "towns/a.geojson.part").open("ab") as part:
            part.write(b",\n{half a page, killed while it was being saved")
        is_well = True
        before = len(host.asked)
        content = await host.fetch(layer(host), tmp_path)
    assert read_codes(content) == [f"00{number}" for number in range(8)]
    assert [asked.query.get("resultOffset") for asked in host.asked[before:]] == [None, "6"]


async def test_a_layer_that_grew_since_is_fetched_from_its_start(tmp_path: Path) -> None:
    plays = [play_layer(8)]

    def play(asked: Asked) -> Answer:
        if asked.query.get("resultOffset") == "3" and len(plays) == 1:
            return Answer(status=500)
        return plays[-1](asked)

    async with hosting(play) as host:
        await fail(host, layer(host), tmp_path, keeps=True)
        plays.append(play_layer(9))
        assert len(read_codes(await host.fetch(layer(host), tmp_path))) == 9
    assert offsets(host)[-3:] == ["0", "3", "6"]


@pytest.mark.parametrize(
    ("play", "sentence"),
    [
        (play_layer(4), "It holds 4 rows where 5 are expected."),
        (play_layer(4, counts=5), "It sent 4 rows where 5 are expected."),
        (play_layer(7, counts=5), "It sent 6 rows where 5 are expected."),
        (play_layer(7, at_most=5, counts=5), "It sent more rows than the 5 that it counts."),
        (lambda _: as_json({"count": "many"}), "It did not say how many features it has."),
        (lambda _: as_json([]), "It sent JSON of an unknown kind."),
        (lambda _: as_json({"error": "no"}), "It answered with error without a number: no."),
        (lambda _: Answer(b"<html>Sign in</html>"), "It sent a web page in place of JSON."),
        (lambda _: Answer(b""), "It sent something that is not JSON."),
    ],
)
async def test_a_layer_that_does_not_add_up_is_refused(
    tmp_path: Path, play: Play, sentence: str
) -> None:
    async with hosting(play) as host:
        assert sentence in await fail(host, layer(host, rows=5), tmp_path)


@pytest.mark.parametrize("rows", [0, 3])
async def test_an_empty_layer_is_refused(tmp_path: Path, rows: int) -> None:
    async with hosting(play_layer(rows, at_most=0)) as host:
        assert "It holds no rows." in await fail(host, layer(host), tmp_path)


async def test_a_service_that_sends_the_first_page_again_is_refused(tmp_path: Path) -> None:
    good = play_layer(6)

    def play(asked: Asked) -> Answer:
        if "resultOffset" in asked.query:
            asked = replace(asked, query={**asked.query, "resultOffset": "0"})
        return good(asked)

    async with hosting(play) as host:
        assert "It sent the feature with id 0 twice" in await fail(host, layer(host), tmp_path)


@pytest.mark.parametrize("query", [QUERY, TABLE])
async def test_columns_that_change_between_pages_are_named(tmp_path: Path, query: str) -> None:
    good = play_layer(6)

    def play(asked: Asked) -> Answer:
        answer = good(asked)
        if asked.query.get("resultOffset") == "3":
            return replace(answer, body=answer.body.replace(b'"CODE"', b'"LSOA21CD"'))
        return answer

    async with hosting(play) as host:
        sentence = await fail(host, layer(host, query), tmp_path)
    assert "Its columns changed between two pages (gone: CODE; new: LSOA21CD)." in sentence


@pytest.mark.parametrize("rows", [1, 3, 4, 7])
async def test_a_table_that_is_cut_in_silence_is_read_to_its_end(tmp_path: Path, rows: int) -> None:
    async with hosting(play_nomis(rows)) as host:
        content = await host.fetch(table(host, rows=rows), tmp_path)
    first, *lines = list(csv.reader(io.StringIO(content.decode())))
    assert first == ["CODE", "OBS_VALUE", "RECORD_COUNT"]
    assert [line[0] for line in lines] == [f"E{number}" for number in range(rows)]
    assert offsets(host, "RecordOffset") == [str(start) for start in range(0, rows, 3)]
    assert host.asked[0].query["c_age"] == "101...103"
    with open_table(tmp_path / "towns/towns.csv") as opened:
        assert len(list(opened)) == rows


async def test_a_table_goes_on_after_it_broke_off(tmp_path: Path) -> None:
    faults = [Answer(status=500)] * 4

    def play(asked: Asked) -> Answer:
        return faults.pop() if asked.query["RecordOffset"] == "6" and faults else good(asked)

    good = play_nomis(8)
    async with hosting(play) as host:
        await fail(host, table(host), tmp_path, keeps=True)
        assert (await host.fetch(table(host), tmp_path)).count(b"\n") == 9
    assert offsets(host, "RecordOffset") == ["0", "3", *["6"] * 5]


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (play_nomis(9), "it had 6 rows, then 9. Start again."),
        (
            play_nomis(6, columns="CODE,VALUE,RECORD_COUNT"),
            "changed between two pages (gone: OBS_VALUE; new: VALUE).",
        ),
        (
            play_nomis(6, columns="OBS_VALUE,CODE,RECORD_COUNT"),
            "changed between two pages (another order).",
        ),
        (lambda _: Answer(b"CODE,OBS_VALUE,RECORD_COUNT\n"), "It sent 3 rows where 6 are expected"),
    ],
)
async def test_pages_of_different_tables_are_not_joined(
    tmp_path: Path, later: Play, sentence: str
) -> None:
    first = play_nomis(6)

    def play(asked: Asked) -> Answer:
        return (first if asked.query["RecordOffset"] == "0" else later)(asked)

    async with hosting(play) as host:
        assert sentence in await fail(host, table(host), tmp_path)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "It sent an empty answer, as Nomis does for a parameter"),
        (b"CODE,RECORD_COUNT\n", "It holds no rows."),
        (b"CODE,OBS_VALUE\nE1,2\n", "It sent no column RECORD_COUNT"),
        (b"CODE,RECORD_COUNT\nE1,many\n", "something that is not a number"),
        (b"CODE,RECORD_COUNT\nE1,2\nE2,3\n", "different numbers on one page"),
        (
            b"CODE,RECORD_COUNT\nE1\n",
            "Row 1 has another number of values (1) than there are columns (2).",
        ),
        (b"CODE,RECORD_COUNT\nE1,1\nE2,1\n", "It sent 2 rows where 1 are expected."),
        (b"\xff\xfe\xfa", "not CSV in UTF-8"),
        (b"<!doctype html>", "It sent a web page in place of CSV."),
    ],
)
async def test_an_answer_that_is_no_table_is_refused(
    tmp_path: Path, body: bytes, sentence: str
) -> None:
    async with hosting(lambda _: Answer(body)) as host:
        with pytest.raises(DownloadProblem) as caught:
            await host.fetch(table(host), tmp_path)
    assert sentence in str(caught.value)


async def test_a_table_of_another_size_than_expected_is_refused(tmp_path: Path) -> None:
    async with hosting(play_nomis(4)) as host:
        with pytest.raises(DownloadProblem, match="holds 4 rows where 5 are expected"):
            await host.fetch(table(host, rows=5), tmp_path)


async def test_a_table_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    async with hosting(play_layer(9)) as host:
        sentence = await fail(host, layer(host, size_bytes=600), tmp_path)
    assert "It sends more than 600 bytes, the most we take." in sentence


async def test_a_joined_file_has_a_checksum_too(tmp_path: Path) -> None:
    async with hosting(play_layer(2)) as host:
        assert "its SHA-256 is" in await fail(host, layer(host, sha256="0" * 64), tmp_path)


async def test_without_network_pages_too_end_in_a_sentence(tmp_path: Path) -> None:
    async with hosting(play_layer(2)) as host:
        pass
    for wanted in (layer(host), table(host)):
        with pytest.raises(DownloadProblem, match="does not answer as it should"):
            await host.fetch(wanted, tmp_path)
