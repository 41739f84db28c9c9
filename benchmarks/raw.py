"""What the database itself can do: the service's own statements in pgbench."""

import os
import re
import subprocess
from pathlib import Path

from app.core.database import DatabaseAddress
from app.core.postgres_programs import find_programs

CONNECTIONS = 8
SECONDS = 10.0
OPTIONS = (
    "-c role=hereabouts_public -c jit=off -c random_page_cost=1.1"
    " -c plan_cache_mode=force_generic_plan"
)
"""What the service's own connections for public reading are set to."""


def run_pgbench(
    address: DatabaseAddress, folder: Path, script: str, options: str = "", seconds: float = SECONDS
) -> float:
    """Return how many times a second the database itself runs `script`.

    Args:
        address: Of the database.
        folder: For the script.
        script: In pgbench's language.
        options: Settings of the connections, as the server's command line has them.
        seconds: How long it runs.
    """
    file = folder / "script.sql"
    file.write_text(script)
    programs = find_programs()
    if programs is None:
        raise RuntimeError("No PostgreSQL here is new enough.")
    command: list[str | Path] = [
        programs.folder / "pgbench", "-n", "-M", "prepared", "-f", file, "-c", str(CONNECTIONS),
        "-j", "2", "-T", str(int(seconds)), address.for_libpq,
    ]  # fmt: skip
    environment = os.environ | {"PGOPTIONS": options}
    said = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    if not found:
        raise RuntimeError(said)
    return float(found.group(1))
