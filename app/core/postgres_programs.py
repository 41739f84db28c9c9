"""Finds the PostgreSQL of this machine that is new enough and has PostGIS.

Standard library only: the installer asks it before anything is installed.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST_POSTGRES = 15
OLDEST_POSTGIS = (3, 3)
"""The oldest versions the service runs on, here and on a server elsewhere."""
_DEBIAN = Path("/usr/lib/postgresql")
_OTHER_FOLDERS = ("usr/pgsql-*/bin", "usr/lib/postgresql*/bin", "opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True, order=True)
class PostgresPrograms:
    """The programs of one installed PostgreSQL.

    Attributes:
        version: The major version, such as 15.
        folder: Where `initdb`, `postgres` and `pg_dump` are.
        postgis: The version of its PostGIS, such as (3, 3); empty without one.
    """

    version: int
    folder: Path
    postgis: tuple[int, ...]

    @property
    def is_enough(self) -> bool:
        """Whether both PostgreSQL and PostGIS are new enough."""
        return self.version >= OLDEST_POSTGRES and self.postgis >= OLDEST_POSTGIS


def list_programs() -> list[PostgresPrograms]:
    """Return every PostgreSQL server of this machine, newest first."""
    folders = [folder for pattern in _OTHER_FOLDERS for folder in Path("/").glob(pattern)]
    if on_path := shutil.which("postgres"):
        folders.append(Path(on_path).resolve().parent)
    folders += _DEBIAN.glob("*/bin")
    found = {
        PostgresPrograms(version, folder, _read_postgis_version(folder, version))
        for folder in {folder.resolve() for folder in folders}
        if (folder / "initdb").exists() and (version := _read_version(folder))
    }
    return sorted(found, reverse=True)


def find_programs(version: int | None = None) -> PostgresPrograms | None:
    """Return the newest PostgreSQL that is enough, or that of one major version."""
    for programs in list_programs():
        if programs.is_enough and version in (None, programs.version):
            return programs
    return None


def say_first_line(error: Exception) -> str:
    """Return the first line of what PostgreSQL says, or the kind of an error that says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _read_version(folder: Path) -> int:
    # Debian names the folder after the version; asking the program costs a process.
    if folder.is_relative_to(_DEBIAN) and folder.parent.name.isdigit():
        return int(folder.parent.name) if (folder / "postgres").exists() else 0
    said = _ask(folder / "postgres", "--version")
    match = re.search(r"(\d+)(?:\.|\w|$)", said)
    return int(match.group(1)) if match else 0


def _read_postgis_version(folder: Path, version: int) -> tuple[int, ...]:
    if folder.is_relative_to(_DEBIAN):
        shared = Path(f"/usr/share/postgresql/{version}")
    else:
        shared = Path(_ask(folder / "pg_config", "--sharedir") or "/nonexistent")
    control = shared / "extension" / "postgis.control"
    if not control.is_file():
        return ()
    match = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text(errors="replace"))
    return (int(match.group(1)), int(match.group(2))) if match else ()


def _ask(program: Path, question: str) -> str:
    try:
        return subprocess.run(  # noqa: S603 - a program of the machine's own PostgreSQL
            [program, question], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
