"""Runs every check of the project, one after another, and ends with a summary.

Usage: python -m requirements.check [--static]

A check that fails does not stop those after it: one run tells everything. With REALDATA set, a
test of the open data that was skipped counts as a failure.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.core.lifeline import tie_child, treat_every_ending_as_interrupt
from app.core.terminal import Steps

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = "app/frontend"
MOST_TEST_PROCESSES = 4


@dataclass(frozen=True)
class Check:
    """One program that ends with 0 when all is well."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Run the checks and return 1 if any of them failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--static", action="store_true", help="nothing that runs the project")
    arguments, for_pytest = parser.parse_known_args()
    treat_every_ending_as_interrupt()
    steps = Steps()
    os.chdir(ROOT)
    checks = list_static_checks() if arguments.static else list_checks(for_pytest)
    try:
        results = [(check.name, *run(check, steps)) for check in checks]
    except KeyboardInterrupt:
        steps.say("\nStopped.")
        return 130
    steps.say("")
    for name, passed, seconds in results:
        steps.say(f"  {name:<22}{'passed' if passed else 'FAILED':<8}{seconds:7.1f} s")
    failed = [name for name, passed, _ in results if not passed]
    steps.say(
        f"\n{len(failed)} of {len(results)} failed: {', '.join(failed)}"
        if failed
        else "\nAll green."
    )
    return 1 if failed else 0


def list_static_checks() -> list[Check]:
    """Return the checks that only read the project: lint, types, contracts."""
    python = sys.executable
    return [
        Check("Lint", [python, "-m", "ruff", "check", "."]),
        Check("Format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("Types", [python, "-m", "mypy"]),
        Check("Contracts", [str(Path(python).with_name("lint-imports"))]),
        Check("Frontend check", ["npm", "--prefix", FRONTEND, "run", "--silent", "check"]),
    ]


def list_checks(for_pytest: Sequence[str] = ()) -> list[Check]:
    """Return every check; the Python tests, browser and notebooks included, come last."""
    processes = min(os.cpu_count() or 1, MOST_TEST_PROCESSES)
    # Whoever is done first takes over from the others: the last tests are the longest ones.
    spread = ["-n", str(processes), "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", *spread, *for_pytest]
    if os.environ.get("REALDATA"):
        command += ["-p", "requirements.realdata_required"]
    return [
        *list_static_checks(),
        Check("Frontend tests", ["npm", "--prefix", FRONTEND, "run", "--silent", "test"]),
        Check("Tests", command),
    ]


def run(check: Check, steps: Steps) -> tuple[bool, float]:
    """Run one check with its output shown; whether it passed, and its seconds."""
    steps.say(f"\n== {check.name}")
    started = time.monotonic()
    try:
        process = subprocess.Popen(  # noqa: S603 - the project's own tools
            check.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **check.environment},
            process_group=0,
            preexec_fn=tie_child(signal.SIGTERM),  # noqa: PLW1509 - two system calls
        )
    except OSError as error:
        steps.say(f"{check.command[0]} could not be started: {error}")
        return False, 0.0
    try:
        passed = process.wait() == 0
    except KeyboardInterrupt:
        # pytest takes its throwaway database down at SIGINT, and so do the other programs end.
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
        raise
    return passed, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
