"""Each import contract is broken once on purpose: the build must catch it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]

BREACHES = [
    ("app/core/pagination.py", "import app.areas.service", "The staircase"),
    ("app/geo/bounds.py", "import app.files", "The staircase"),
    ("app/areas/queries.py", "import app.packs.models", "The staircase"),
    ("app/tasks.py", "import app.api", "The staircase"),
    ("app/areas/models.py", "import app.areas.queries", "Rooms of areas"),
    ("app/areas/service.py", "import app.areas.router", "Rooms of areas"),
    ("app/taxonomy/terms.py", "import app.taxonomy.service", "Rooms of taxonomy"),
    ("app/accounts/queries.py", "import app.accounts.service", "Rooms of accounts"),
    ("app/accounts/permissions.py", "import sqlalchemy", "Routers and schemas never touch"),
    ("app/cli/process.py", "import app.cli.serving", "Rooms of the command line"),
    ("app/packs/reading.py", "import app.packs.service", "Rooms of packs"),
    ("app/tiles/service.py", "import app.reports.service", "The staircase"),
    ("app/reports/queries.py", "import app.reports.service", "Rooms of reports"),
    ("app/reports/words.py", "import folium", "Only the drawing of reports knows folium"),
    ("app/pages/service.py", "import app.pages.residents", "Rooms of pages"),
    ("app/pages/cupboard.py", "", "Rooms of pages"),
    ("app/areas/router.py", "import sqlalchemy", "Routers and schemas never touch SQLAlchemy"),
    ("app/areas/models.py", "import fastapi", "Models know neither HTTP nor pydantic"),
    ("app/upstairs/__init__.py", "", "The staircase"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts on the copy in `folder`."""
    command: list[str | Path] = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    return subprocess.run(  # noqa: S603 - our own tool on our own copy
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the Python of the project, to be broken."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(
        PROJECT / "app", folder / "app", ignore=shutil.ignore_patterns("frontend", "__pycache__")
    )
    shutil.copy(PROJECT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold(original: Path) -> None:
    result = lint(original)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_breach_is_caught(original: Path, file: str, line: str, contract: str) -> None:
    path = original / file
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        result = lint(original)
    finally:
        if before is None:
            path.unlink()
            if not list(path.parent.glob("*.py")):
                shutil.rmtree(path.parent)
        else:
            path.write_text(before)
    assert result.returncode != 0
    broken = [text for text in result.stdout.splitlines() if "BROKEN" in text]
    unlisted = file.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    assert any(contract in text for text in broken) or unlisted in result.stdout, result.stdout
