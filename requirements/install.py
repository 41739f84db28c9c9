"""Brings a bare machine to a running service, or to one that can be tested.

Usage: install.py run|dev|test|check|tests|tools [--parent PID]

Each step is skipped when its inputs are those of the last time, so a second run costs next to
nothing. `run` and `dev` end by becoming `hereabouts up`, `test` and `check` by becoming the
checks: the process keeps its number, and with it the run lock and whoever watches it.
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.core.lifeline import end_with, treat_every_ending_as_interrupt  # noqa: E402 - after ROOT
from app.core.run_lock import AlreadyRunningError, RunLock  # noqa: E402
from app.core.terminal import Steps  # noqa: E402
from requirements.environment import Environment  # noqa: E402
from requirements.frontend import build_frontend  # noqa: E402
from requirements.programs import InstallError  # noqa: E402
from requirements.stamps import Stamps  # noqa: E402
from requirements.system_packages import (  # noqa: E402
    Wanted,
    ensure_system_packages,
    find_browser,
)

SERVING = {"run": ["up"], "dev": ["up", "--reload"]}
CHECKING = {"check": ["--static"], "test": []}
INSTALLING = ("tests", "tools")  # what tests need, or only the tools; nothing is started


def main() -> int:
    """Install, then become the command that was asked for."""
    arguments = _read_arguments()
    treat_every_ending_as_interrupt()
    # make passes its own number: if it is killed, even by -9, we end as by Ctrl-C.
    if arguments.parent and not end_with(arguments.parent, signal.SIGTERM):
        sys.stderr.write("The make that started this is gone. Start it again.\n")
        return 1
    os.chdir(ROOT)
    try:
        command = install(arguments.purpose)
    except (InstallError, AlreadyRunningError) as error:
        sys.stdout.flush()
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Start again at any time: what was finished is kept.\n")
        return 130
    if command:
        os.execve(command[0], command, _environment(arguments.purpose))  # noqa: S606
    return 0


def install(purpose: str) -> list[str]:
    """Run every step that `purpose` needs and return the command to become.

    Raises:
        InstallError: A step failed.
        AlreadyRunningError: The service already runs in this folder.
    """
    steps = Steps()
    var = ROOT / "var"
    serving = purpose in SERVING
    lock = RunLock(var)
    if serving:
        lock.acquire()
    steps.say(f"Hereabouts in {ROOT}")
    logs = var / "logs"
    with Stamps(var / "stamps", ROOT, steps) as stamps:
        running = purpose in {*SERVING, "test", "tests"}
        wanted = Wanted(
            database=running and not (serving and _has_own_database()),
            browser=purpose in {"test", "tests"},
        )
        with steps.step("System packages") as step:
            ensure_system_packages(wanted, step, logs / "apt.log")
        environment = Environment(ROOT, stamps, steps, logs)
        environment.make()
        environment.install("app" if serving else "dev")
        if purpose != "tools":
            build_frontend(environment, build=running)
    python = str(environment.python)
    if serving:
        return [python, "-m", "app.cli", *SERVING[purpose]]
    if purpose in CHECKING:
        return [python, "-m", "requirements.check", *CHECKING[purpose]]
    return []


def _has_own_database() -> bool:
    """Whether DATABASE_URL, in the environment or in .env, names a database elsewhere."""
    if "DATABASE_URL" in os.environ:
        return bool(os.environ["DATABASE_URL"])
    settings = ROOT / ".env"
    lines = settings.read_text(encoding="utf-8").splitlines() if settings.exists() else []
    names = [line.strip().removeprefix("export ").partition("=") for line in lines]
    return any(
        name.strip().upper() == "DATABASE_URL" and bool(value.strip(" '\""))
        for name, _, value in names
    )


def _environment(purpose: str) -> dict[str, str]:
    environment = dict(os.environ)
    node = ROOT / "var" / "node" / "bin"
    if node.exists():
        environment["PATH"] = f"{node}{os.pathsep}{environment.get('PATH', os.defpath)}"
    if purpose == "test" and (browser := find_browser()):
        environment["CHROMIUM"] = browser
    if program := shutil.which("node", path=environment.get("PATH")):
        # The Node inside Playwright needs libatomic, which a bare Debian does not have.
        environment.setdefault("PLAYWRIGHT_NODEJS_PATH", program)
    return environment


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("purpose", choices=[*SERVING, *CHECKING, *INSTALLING])
    parser.add_argument("--parent", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
