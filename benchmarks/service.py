"""The service itself, as visitors meet it: one process, on a port of its own."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.database import DatabaseAddress
from benchmarks.load import wait_until_ready

PORT = 8977


@contextmanager
def run_service(address: DatabaseAddress, var_dir: Path, **settings: str) -> Iterator[int]:
    """Run it with further settings, and yield its port."""
    environment = os.environ | {
        "DATABASE_URL": address.for_libpq, "PORT": str(PORT), "RUN_WORKER": "false",
        "LOG_LEVEL": "WARNING", "VAR_DIR": str(var_dir), **settings,
    }  # fmt: skip
    command = [sys.executable, "-m", "app.cli", "serve"]
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603
        try:
            asyncio.run(wait_until_ready(PORT))
            yield PORT
        finally:
            server.terminate()
