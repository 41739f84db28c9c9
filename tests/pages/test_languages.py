"""Every sentence passes through gettext, and the right language is chosen."""

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from babel import Locale
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from fastapi import FastAPI
from starlette.requests import Request

from app.areas import service as areas
from app.core.database import Database
from app.core.settings import Settings
from app.packs import queries
from app.pages import service
from app.pages.languages import Catalogues, choose_language, find_direction
from app.pages.layout import HERE, LICENCES, Templates
from app.pages.messages import TEMPLATE_FILE, extract_messages
from app.pages.outline_map import split_name

pytestmark = pytest.mark.reads

HTML = {"accept": "text/html"}
TEMPLATES = HERE / "templates"
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "data-label", "data-says"}
UNSPOKEN_ELEMENTS = {"script", "style", "code"}
VOID_ELEMENTS = {"meta", "link", "input", "br", "path", "circle", "rect"}


def write_pseudo_catalogue(folder: Path) -> Catalogues:
    """Translate every sentence into itself between brackets, as if that were British English."""
    pseudo = Catalog(locale="en_GB")
    for message in extract_messages():
        if isinstance(message.id, tuple):
            pseudo.add(message.id, tuple(f"⟦{form}⟧" for form in message.id))
        elif message.id:
            pseudo.add(message.id, f"⟦{message.id}⟧")
    path = folder / "en_GB" / "LC_MESSAGES" / "hereabouts.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, pseudo)
    return Catalogues(folder)


class SpokenText(HTMLParser):
    """Collects what a visitor sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes that are read out, and whether the content is."""
        named = dict(attrs)
        self._pieces += [named[name] or "" for name in SPOKEN_ATTRIBUTES & set(named)]
        if tag not in VOID_ELEMENTS:
            # What the API says of itself is English, and marked as such.
            is_silent = tag in UNSPOKEN_ELEMENTS or (tag != "html" and "lang" in named)
            self._open.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep the text of elements that are read."""
        if not any(is_silent for _, is_silent in self._open):
            self._pieces.append(data)

    def find_bare(self) -> set[str]:
        """Return the pieces of text that no brackets enclose, also across elements."""
        text = "  ".join(self._pieces)
        while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", "  ", text)) != text:
            text = shorter
        return {piece for piece in re.split(r"(?:^|\s+)-\s+|\s{2,}", text.strip()) if piece}


SPOKEN = ("ar", "bn", "cy", "en", "ku", "pl", "pt", "ro")
"""Languages of the demonstration place; Babel has their names."""


async def _list_assets(client: httpx.AsyncClient) -> set[str]:
    """Return every text of every asset that anybody may see."""
    texts: set[str] = set()
    path = "/api/v1/assets?limit=100"
    while path:
        found = (await client.get(path)).json()
        texts |= _list_texts(found["features"])
        path = next((link["href"] for link in found["links"] if link["rel"] == "next"), "")
    return texts


async def _find_bare(client: httpx.AsyncClient, path: str) -> set[str]:
    reader = SpokenText()
    reader.feed((await client.get(path, headers=HTML)).text)
    return reader.find_bare()


@pytest.fixture(scope="module")
def pseudo_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    """One for all, because every template is read for it and compiled with it."""
    return write_pseudo_catalogue(tmp_path_factory.mktemp("locale"))


@pytest.fixture
def pseudo(app: FastAPI, settings: Settings, pseudo_catalogue: Catalogues) -> None:
    app.state.templates = Templates(settings, pseudo_catalogue)


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/areas",
        "/near",
        "/near?where=HF9",
        "/near?category=lib",
        "/near?q=x&category=1&when=1&within=1",
        "/sources",
        "/docs",
        "/nowhere",
    ],
)
async def test_every_sentence_of_a_page_passes_through_gettext(
    client: httpx.AsyncClient, path: str
) -> None:
    pack = (await client.get("/api/v1/pack")).json()
    data = {"Hereabouts", pack["title"], pack["description"], "17 September 2026"}
    data |= {str(value) for source in pack["sources"] for value in source.values()}
    data |= {LICENCES[source["licence"]] for source in pack["sources"]}
    for kind in ("lsoa", "msoa"):
        found = await client.get("/api/v1/areas", params={"type": kind, "limit": 500})
        for item in found.json()["items"]:
            # The drawing sets a long name in two lines.
            data |= {item["name"], *split_name(item["name"])}
    data |= _list_texts((await client.get("/api/v1/categories")).json())
    data |= _list_texts((await client.get("/api/v1/postcodes?q=HF9")).json())
    data |= await _list_assets(client)
    data |= {Locale.parse(tag, sep="-").get_display_name("en_GB") or tag for tag in SPOKEN}
    bare = {text for text in await _find_bare(client, path) if re.search(r"[^\W\d_]", text)}
    # The moment of a list, in the manner of the language.
    bare = {text for text in bare if not re.fullmatch(r"\w+ \d+ \w+, [\w.]+(\s[ap]m)?", text)}
    assert bare - data == set()


@pytest.mark.usefixtures("pseudo")
async def test_every_sentence_of_an_abridged_page_passes_through_gettext(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(areas, "MOST_OUTLINES", 24)
    districts = await client.get("/api/v1/areas", params={"type": "msoa", "limit": 500})
    pack = (await client.get("/api/v1/pack")).json()
    data = {"Hereabouts", pack["title"], *(item["name"] for item in districts.json()["items"])}
    data |= {str(value) for source in pack["sources"] for value in source.values()}
    bare = {text for text in await _find_bare(client, "/areas") if re.search(r"[^\W\d_]", text)}
    assert bare - data == set()


@pytest.mark.usefixtures("pseudo")
async def test_every_sentence_of_a_page_by_region_passes_through_gettext(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LONGEST_LIST", 24)
    pack = (await client.get("/api/v1/pack")).json()
    data = {"Hereabouts", pack["title"], "councils"}  # the pack's own word
    data |= {str(value) for source in pack["sources"] for value in source.values()}
    for kind in ("lsoa", "msoa", "authority"):
        found = await client.get("/api/v1/areas", params={"type": kind, "limit": 500})
        for item in found.json()["items"]:
            data |= {item["name"], *split_name(item["name"])}
    bare = {text for text in await _find_bare(client, "/areas") if re.search(r"[^\W\d_]", text)}
    assert bare - data == set()


@pytest.mark.writes
@pytest.mark.parametrize("outcome", ["running", "failed"])
async def test_every_sentence_before_any_place_passes_through_gettext(
    empty_client: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    pseudo_catalogue: Catalogues,
    outcome: str,
) -> None:
    transport = empty_client._transport
    assert isinstance(transport, httpx.ASGITransport)
    assert isinstance(transport.app, FastAPI)
    transport.app.state.templates = Templates(settings, pseudo_catalogue)
    async with database.sessions.begin() as session:
        load_id = await queries.insert_load(session, "demo")
        await queries.update_load(session, load_id, {"outcome": outcome, "step": "Reading"})
    async with database.engine.connect() as connection:
        assert await queries.take_load_lock(connection)
        bare = await _find_bare(empty_client, "/")
    assert {text for text in bare if re.search(r"[^\W\d_]", text)} == {"Hereabouts"}


LAYERS = "/layers?indicator={}&area_type={}&category=library&category=all&sort=high"


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    "path",
    [
        LAYERS.format("deprivation_score_2025", "lsoa"),
        LAYERS.format("deprivation_score_2025", "msoa") + "&organisations=works_in&q=a&page=2",
        LAYERS.format("deprivation_decile_2025", "lsoa") + "&organisations=registered_in",
        LAYERS.format("health_score_2025", "msoa") + "&compare=income_score_2025&breaks=equal",
        LAYERS.format("health_score_2025", "lsoa") + "&compare=income_score_2025&view=both",
        LAYERS.format("deprivation_score_2025", "msoa") + "&compare=deprivation_score_2025"
        "&period=2019&breaks=published&boundary_year=2011&area=1999",
        LAYERS.format("1", "1") + "&compare=1&breaks=1&view=1&sort=1&kind=1&category=1&page=x1"
        "&organisations=1&period=1&sex=1&age=1",
        "/layers?area_type=lsoa&boundary_year=1",
    ],
)
async def test_every_sentence_of_layers_passes_through_gettext(
    client: httpx.AsyncClient, path: str
) -> None:
    data = {"Hereabouts", "x1", "published", "quantile", "equal", "one", "beside", "both"}
    for address in ("indicators", "categories", "area-types", "pack", "areas"):
        query = {"areas": "?type=lsoa&limit=500", "indicators": "?limit=500"}.get(address, "")
        found = await client.get(f"/api/v1/{address}{query}")
        data |= _list_texts(found.json())
    for kind in ("msoa", "ward", "authority"):
        found = await client.get("/api/v1/areas", params={"type": kind, "limit": 500})
        data |= {line for each in found.json()["items"] for line in split_name(each["name"])}
        data |= {each["name"] for each in found.json()["items"]}
    shorts = {name.split(", 20")[0] for name in data}
    data |= shorts | {f"{name}:" for name in shorts} | set(LICENCES.values())
    bare = {text for text in await _find_bare(client, path) if re.search(r"[^\W\d_]", text)}
    # What the form has of its own accord: units after a name, and years of a vintage.
    data |= {f"{name}, {unit}" for name in data for unit in ("score", "decile", "share of people")}
    assert {text for text in bare - data if not re.fullmatch(r"[\d ]+ \w+ \d{4}", text)} == set()


def _list_texts(found: object) -> set[str]:
    """Return every text of a JSON document."""
    if isinstance(found, str):
        return {found.strip()}
    if isinstance(found, dict):
        found = list(found.values())
    listed = found if isinstance(found, list) else []
    return {text for each in listed for text in _list_texts(each)}


@pytest.mark.usefixtures("pseudo")
async def test_the_words_of_the_scripts_pass_through_gettext(client: httpx.AsyncClient) -> None:
    page = (await client.get("/areas", headers=HTML)).text
    block = re.findall(r'<script type="application/json" id="words">(.*?)</script>', page)[0]
    words = re.findall(r'": "(.*?)"[,}]', block)
    assert len(words) == 6
    assert all(word.startswith("\\u27e6") for word in words)


def test_a_sentence_that_misses_gettext_would_be_seen() -> None:
    reader = SpokenText()
    reader.feed('<p>⟦Good ⟦5 people⟧⟧ day</p><p aria-label="Map">⟦x⟧</p><code>get</code>')
    assert reader.find_bare() == {"day", "Map"}


def test_templates_pass_only_words_of_ours_through_gettext() -> None:
    # gettext in a template formats its argument and calls it safe: never what came from outside.
    calls = [
        (template.name, call)
        for template in TEMPLATES.glob("*.html")
        for call in re.findall(r"\b(?:_|n?gettext)\(\s*.", template.read_text())
    ]
    assert len(calls) > 50
    assert [call for call in calls if not call[1].endswith('"')] == []


def test_the_list_for_translators_is_up_to_date() -> None:
    with TEMPLATE_FILE.open("rb") as file:
        written = {message.id for message in read_po(file) if message.id}
    assert written == {message.id for message in extract_messages() if message.id}, (
        "Write it anew: python -m app.pages.messages"
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en-GB"),
        ("cy", "cy"),
        ("cy-GB, en;q=0.8", "cy"),
        ("en;q=0.8, cy;q=0.9", "cy"),
        ("en-US", "en-GB"),
        ("fr, cy;q=0.1", "cy"),
        ("fr", "en-GB"),
        ("*", "en-GB"),
        ("cy;q=0, en;q=0.1", "en-GB"),
        ("CY", "cy"),
        ("nonsense;;q=x, cy", "cy"),
    ],
)
def test_the_language_a_browser_likes_best_is_chosen(header: str, expected: str) -> None:
    assert choose_language(header, ["en-GB", "cy"]) == expected


def test_a_page_reads_from_the_side_its_language_does() -> None:
    assert find_direction("en-GB") == "ltr"
    assert find_direction("ar") == "rtl"


async def test_a_translated_page_says_which_language_it_is_in(
    client: httpx.AsyncClient, app: FastAPI, settings: Settings, tmp_path: Path
) -> None:
    welsh = Catalog(locale="cy")
    welsh.add("Sources and licences", "Ffynonellau a thrwyddedau")
    path = tmp_path / "cy" / "LC_MESSAGES" / "hereabouts.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, welsh)
    catalogues = Catalogues(tmp_path)
    assert catalogues.languages == ("en-GB", "cy")
    app.state.templates = Templates(settings, catalogues)
    # Before any pack is loaded the choice is among all languages there are.
    request = Request({"type": "http", "headers": [(b"accept-language", b"cy")]})
    assert app.state.templates.choose_language(request, None) == "cy"
    page = await client.get("/sources", headers={**HTML, "accept-language": "cy"})
    assert page.headers["content-language"] == "en-GB", "the demonstration pack is in English only"
