"""Lists, folders, documents and settings say the same; files and functions stay readable."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.api import ROUTERS
from app.core.settings import Settings
from app.tasks import TASKS

PROJECT = Path(__file__).parents[1]
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
EXCEPTIONS: frozenset[str] = frozenset()
"""Files that may be longer, or hold longer functions. Nothing is in it; keep it so."""

OWN_FOLDERS = ("app", "migrations", "data/packs", "requirements", "tests", "benchmarks")
FRONTEND = PROJECT / "app/frontend"


def find(*patterns: str) -> Iterator[Path]:
    """Yield the project's own files that match, nothing installed or built."""
    for folder in OWN_FOLDERS:
        for pattern in patterns:
            for path in sorted((PROJECT / folder).rglob(pattern)):
                if not {"node_modules", "dist", "__pycache__"} & set(path.parts):
                    yield path


def name(path: Path) -> str:
    """Return a path as it is written in the project."""
    return path.relative_to(PROJECT).as_posix()


def measure_functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function with its length in lines, decorators and docstring left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            last = max((statement.end_lineno or 0 for statement in body), default=node.lineno)
            first = body[0].lineno if body else node.lineno
            yield f"{name(path)}:{node.name}", last - first + 1


def test_no_file_is_too_long_to_read() -> None:
    lengths = {
        name(path): len(path.read_text().splitlines()) for path in find("*.py", "*.ts", "*.css")
    }
    too_long = {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE}
    assert {file for file in too_long if file not in EXCEPTIONS} == set(), too_long


def test_no_function_is_too_long_to_read() -> None:
    lengths = {
        function: lines for path in find("*.py") for function, lines in measure_functions(path)
    }
    too_long = {function: lines for function, lines in lengths.items() if lines > LONGEST_FUNCTION}
    assert {file for file in too_long if file.split(":")[0] not in EXCEPTIONS} == set(), too_long


def test_no_room_is_called_by_what_it_is_not() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
    found = [name(path) for path in find("*.py", "*.ts") if vague & {path.stem, *path.parts}]
    assert found == []


def test_coordinate_systems_are_numbered_in_one_place() -> None:
    number = re.compile(r"(?<![\d.])(4326|3857|27700|900913)(?![\d.])")
    found = [
        f"{name(path)}:{line}"
        for path in sorted((PROJECT / "app").rglob("*.py"))
        if path != PROJECT / "app/geo/crs.py"
        for line, text in enumerate(path.read_text().splitlines(), 1)
        if number.search(text)
    ]
    assert found == []


def test_every_router_is_mounted_once() -> None:
    modules = {
        name(path)
        for path in sorted((PROJECT / "app").rglob("*.py"))
        if re.search(r"^router = APIRouter\(", path.read_text(), re.MULTILINE)
    }
    listed = (PROJECT / "app/api.py").read_text()
    missing = {path for path in modules if f"{path[:-3].replace('/', '.')}" not in listed}
    assert missing == set()
    assert len(ROUTERS) == len(modules)


def test_tasks_have_names_of_their_own() -> None:
    names = [task.name for task in TASKS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", each) for each in names)


@pytest.mark.parametrize("document", ["docs/operators.md", ".env.example"])
def test_every_setting_is_explained_to_operators(document: str) -> None:
    text = (PROJECT / document).read_text()
    missing = [field for field in Settings.model_fields if field.upper() not in text]
    assert missing == []


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        wanted += group
    names = {re.split(r"[\[<>=;~! ]", each)[0] for each in wanted}
    reasons = (PROJECT / "docs/decisions/0002-dependencies.md").read_text()
    assert {each for each in names if f"`{each}`" not in reasons} == set()


def test_every_frontend_dependency_has_its_reason() -> None:
    package = (FRONTEND / "package.json").read_text()
    names = set(re.findall(r'^ {4}"((?:@[\w-]+/)?[\w.-]+)": "\d', package, re.MULTILINE))
    reasons = (PROJECT / "docs/decisions/0002-dependencies.md").read_text()
    assert names
    assert {each for each in names if f"`{each}`" not in reasons} == set()


def test_locks_name_no_registry_and_hash_everything() -> None:
    for lock in sorted((PROJECT / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "://" not in text, lock
        pins = re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE)
        assert pins
        entries = re.split(r"\n(?=[a-z0-9])", text)
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry.split("\n")[0])
    npm = (FRONTEND / "package-lock.json").read_text()
    assert '"resolved"' not in npm
    assert npm.count('"integrity"') > 0


@pytest.mark.parametrize("target", ["run", "dev", "check", "test", "fix", "bench"])
def test_the_installer_is_a_child_of_make_itself(target: str) -> None:
    """It ends with the process whose number it is given, so no shell may stand between."""
    command = ["make", "--dry-run", "--silent", target]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout  # noqa: S603
    lines = [line for line in said.splitlines() if "requirements/install.py" in line]
    assert lines
    assert all(line.startswith("exec ") for line in lines)


def test_every_decision_is_listed() -> None:
    index = (PROJECT / "docs/architecture.md").read_text()
    files = sorted(path.name for path in (PROJECT / "docs/decisions").glob("[0-9]*.md"))
    assert files
    assert [file for file in files if file not in index] == []


def test_every_lint_rule_that_is_off_has_its_reason() -> None:
    text = (PROJECT / "pyproject.toml").read_text()
    ruff = text[text.index("[tool.ruff.lint]") : text.index("[tool.mypy]")]
    entries = re.findall(r'^ {4}"([A-Z]+\d*)",(.*)$', ruff, re.MULTILINE)
    assert entries
    assert [code for code, rest in entries if "#" not in rest] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *find("*.md")]
    broken = [
        f"{name(document)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []
