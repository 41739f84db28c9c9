"""`hereabouts analyse`: where something falls short, as a file."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
from pydantic import ValidationError

from app.analysis.downloads import Download, Form, write_download
from app.analysis.keeping import Desk, answer_question
from app.analysis.memory import Memory
from app.analysis.preparing import survey
from app.analysis.question import Method
from app.analysis.running import read_limits
from app.analysis.schemas import AnalysisAsked, AnalysisRead
from app.cli.process import read_settings
from app.core.database import Database, DatabaseAddress
from app.core.database_server import open_database_server
from app.core.errors import BadRequestError, ConflictError
from app.core.schema import prepare_database
from app.core.settings import Settings
from app.reports.service import write_report

REPORT = "html"
FORMS: tuple[str, ...] = (*get_args(Form), REPORT)


def analyse(  # noqa: PLR0913, PLR0917 - every option is an argument
    category: Annotated[str, typer.Argument(help="Code of a category; narrower ones count too.")],
    need: Annotated[
        list[str] | None,
        typer.Option(
            help="Code of the indicator that is need; none without it. Given several times, the "
            "mean of their ranks is."
        ),
    ] = None,
    distance_m: Annotated[
        float | None,
        typer.Option("--distance", help="How far people go, in metres; the category's without it."),
    ] = None,
    areas: Annotated[str, typer.Option(help="Kind of area; the smallest without it.")] = "",
    method: Annotated[str, typer.Option(help=f"One of: {', '.join(get_args(Method))}.")] = "e2sfca",
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"One of: {', '.join(FORMS)}; html is a map to hand on. Without it, what --output "
            "ends with, else csv.",
        ),
    ] = "",
    output: Annotated[
        Path | None, typer.Option(help="The file to write; named by what is asked without it.")
    ] = None,
    *,
    walked: Annotated[
        bool, typer.Option("--walked", help="The distance is walked, not a straight line.")
    ] = False,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Count everybody, whoever the category is for.")
    ] = False,
) -> None:
    """Write where a category falls short of need as a file; the answer is kept as of every asking.

    However large the question is, it is worked out here and now.
    """
    settings = read_settings()
    chosen = _choose_form(form, output)
    asked = _read_question({
        "category": category,
        "need": _read_need(need or []),
        "catchment_m": distance_m,
        "travel": "walked" if walked else "straight",
        "area_type": areas or None,
        "method": method,
        "everyone": everyone,
    })  # fmt: skip
    if output is not None and output.exists():
        raise ConflictError(f"{output} is there already. Name another file, or remove it first.")
    with open_database_server(settings) as address:
        prepare_database(address)
        finding, made = asyncio.run(_answer(address, settings, asked, chosen))
    path = output or Path(made.name)
    if path.exists():
        raise ConflictError(f"{path} is there already. Name another file with --output.")
    path.write_bytes(made.body)
    typer.echo(finding)
    typer.echo(f"Written to {path}.")


def _read_need(codes: list[str]) -> dict[str, Any] | None:
    if not codes:
        return None
    return {"indicator": codes[0], "others": [{"indicator": code} for code in codes[1:]]}


def _choose_form(form: str, output: Path | None) -> str:
    ending = "" if output is None else output.suffix.lower().removeprefix(".")
    chosen = form or (ending if ending in FORMS else FORMS[0])
    if chosen not in FORMS:
        raise BadRequestError(f"--format is {form!r}; it can be {', '.join(FORMS)}.")
    return chosen


def _read_question(said: dict[str, Any]) -> AnalysisAsked:
    try:
        return AnalysisAsked.model_validate(said)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, part['loc']))} is {part['input']!r}: {part['msg']}"
            for part in error.errors()
        )
        raise BadRequestError(f"This cannot be asked: {problems}.") from None


async def _answer(
    address: DatabaseAddress, settings: Settings, asked: AnalysisAsked, form: str
) -> tuple[str, Download]:
    database = Database(address, pool_size=0)
    try:
        desk = Desk(database.public, database.sessions, Memory(0), read_limits(settings))
        found = await survey(desk.reads, desk.memory, asked)
        answer = await answer_question(desk, asked, found.state)
        finding = AnalysisRead.model_validate_json(answer.body).finding
        if form == REPORT:
            return finding, await write_report(desk, settings, answer.id)
        return finding, await write_download(desk, answer.id, cast("Form", form))
    finally:
        await database.close()
