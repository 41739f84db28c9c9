"""Installs what only the system's package manager has: PostgreSQL, PostGIS, venv, Chromium."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.core.postgres_programs import OLDEST_POSTGIS, OLDEST_POSTGRES, find_programs
from app.core.terminal import Step
from requirements.programs import InstallError, run_program

_POSTGRES = "PostgreSQL with PostGIS"
_BROWSER = "Chromium"
_VENV = "Python's venv"
_GENERIC = ["postgresql", "postgresql-postgis", "python3-venv"]
_PACKAGE = re.compile(r"^postgresql-(\d+)-postgis-3$")

# Debian makes and starts a public cluster on port 5432 with every new server. Ours is private,
# so for the time of the installation it is asked not to; afterwards its own choice holds again.
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/hereabouts.conf")


@dataclass(frozen=True)
class Wanted:
    """What one command needs of the system besides Python.

    Attributes:
        database: A PostgreSQL of this machine; not when DATABASE_URL names another.
        browser: A Chromium, for the browser tests.
    """

    database: bool
    browser: bool


def find_browser() -> str | None:
    """Return the Chromium or Chrome that tests can drive, CHROMIUM first.

    Ubuntu's own `chromium` is a snap, which may not open the folders that tests give it.
    """
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    for name in ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser"):
        found = shutil.which(name)
        if found and not _is_snap(Path(found)):
            return found
    return None


def _is_snap(program: Path) -> bool:
    if str(program.resolve()).startswith(("/snap/", "/usr/bin/snap")):
        return True
    with program.open("rb") as content:
        start = content.read(4096)
    return start.startswith(b"#!") and b"/snap/" in start


def ensure_system_packages(wanted: Wanted, step: Step, log: Path) -> None:
    """Install what is missing, as root or through sudo.

    Raises:
        InstallError: Something is missing and cannot be installed from here; the message says
            what to install and how.
    """
    missing = _list_missing(wanted)
    if not missing:
        step.outcome = "already there"
        return
    if not shutil.which("apt-get"):
        raise InstallError(_say_other_system(missing))
    packages = _choose_packages(missing)
    prefix = _find_privilege(packages, step)
    installer = _Apt(prefix, step, log)
    if len(packages) < len(missing):
        installer.update()
    packages = _choose_packages(missing)
    if unknown := [name for name in missing if name not in packages]:
        raise InstallError(_say_not_offered(unknown))
    names = [name for group in packages.values() for name in group]
    installer.install(names, private_cluster=_POSTGRES in packages)
    if still := _list_missing(wanted):
        raise InstallError(_say_not_offered(still))
    step.outcome = "installed " + " ".join(names)


def _list_missing(wanted: Wanted) -> list[str]:
    missing = []
    if wanted.database and not find_programs():
        missing.append(_POSTGRES)
    if not importlib.util.find_spec("ensurepip"):
        missing.append(_VENV)
    if wanted.browser and not find_browser():
        missing.append(_BROWSER)
    return missing


def _choose_packages(missing: list[str]) -> dict[str, list[str]]:
    """Return the distribution's packages for each missing thing that it offers."""
    packages = {}
    for name in missing:
        if name == _POSTGRES and (version := _newest_postgres_offered()):
            packages[name] = [f"postgresql-{version}", f"postgresql-{version}-postgis-3"]
        if name == _VENV and _is_offered(f"python3.{sys.version_info.minor}-venv"):
            packages[name] = [f"python3.{sys.version_info.minor}-venv"]
        # Ubuntu's package of this name only fetches the snap.
        if name == _BROWSER and not _is_ubuntu() and _is_offered("chromium"):
            packages[name] = ["chromium"]
    return packages


def _newest_postgres_offered() -> int | None:
    names = _ask("apt-cache", "pkgnames", "postgresql-").split()
    versions = sorted(int(found[1]) for name in names if (found := _PACKAGE.match(name)))
    for version in reversed(versions):
        if version >= OLDEST_POSTGRES and _is_offered(f"postgresql-{version}-postgis-3"):
            return version
    return None


def _is_offered(package: str) -> bool:
    candidate = re.search(r"Candidate: (\S+)", _ask("apt-cache", "policy", package))
    return candidate is not None and candidate[1] != "(none)"


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "\nID=ubuntu" in f"\n{release.read_text()}"


def _ask(*command: str) -> str:
    return subprocess.run(  # noqa: S603 - the system's package manager
        command, capture_output=True, text=True, check=False
    ).stdout


def _succeeds(*command: str) -> bool:
    # Nothing is captured: sudo asks for the password at the terminal.
    return not subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - sudo itself


def _find_privilege(packages: dict[str, list[str]], step: Step) -> list[str]:
    """Return what to put before a command so that it runs as root.

    Raises:
        InstallError: We are not root and may not become it.
    """
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and _succeeds(sudo, "-n", "true"):
        return [sudo, "-n"]
    if sudo and sys.stdin.isatty():
        step.report("sudo asks for your password")
        if _succeeds(sudo, "-v"):
            return [sudo, "-n"]
    names = [name for group in packages.values() for name in group] or _GENERIC
    command = "apt-get update && apt-get install " + " ".join(names)
    raise InstallError(
        "System packages are missing, and installing them needs root or sudo. Ask an "
        "administrator of this machine to run:\n\n"
        f"    {command}\n\n"
        "and start again. With DATABASE_URL set to a PostGIS elsewhere, no PostgreSQL is needed "
        "here."
    )


def _say_other_system(missing: list[str]) -> str:
    return (
        f"{' and '.join(missing)} must be installed first: PostgreSQL {OLDEST_POSTGRES} or newer "
        f"with PostGIS {'.'.join(map(str, OLDEST_POSTGIS))} or newer, Python's venv module, and "
        "for the tests Chromium. This system has no apt-get, so install them your system's way. "
        "DATABASE_URL may name a PostGIS elsewhere, CHROMIUM the path of a Chromium or Chrome."
    )


def _say_not_offered(names: list[str]) -> str:
    remedies = {
        _POSTGRES: "Take PostgreSQL 15 or newer and its PostGIS from the PostgreSQL project's own "
        "packages (postgresql.org, Download), or set DATABASE_URL to a PostGIS elsewhere.",
        _VENV: "Install the venv module of this Python, or put another Python 3.11 or newer first "
        "on PATH.",
        _BROWSER: "Install Google Chrome, or run `.venv/bin/playwright install chromium`, and set "
        "CHROMIUM to its path. Ubuntu's own Chromium is a snap, which tests cannot drive.",
    }
    return "\n".join(
        f"{name} is not among this system's packages. {remedies[name]}" for name in names
    )


class _Apt:
    """apt-get, run as root, its percentages shown."""

    def __init__(self, prefix: list[str], step: Step, log: Path) -> None:
        self._prefix = prefix
        self._step = step
        self._log = log
        self._updated = False

    def update(self) -> None:
        """Fetch the lists of packages."""
        self._run("fetching the lists of packages", "update")
        self._updated = True

    def install(self, names: list[str], *, private_cluster: bool) -> None:
        """Install packages; lists too old to find them in are fetched anew once."""
        command = ("install", "--yes", "--no-install-recommends", *names)
        what = f"installing {' '.join(names)}"
        if private_cluster:
            self._shell(
                f"mkdir -p {_NO_CLUSTER.parent} && "
                f"echo 'create_main_cluster = false' > {_NO_CLUSTER}"
            )
        try:
            try:
                self._run(what, *command)
            except InstallError:
                if self._updated:
                    raise
                self.update()
                self._run(what, *command)
        finally:
            if private_cluster:
                self._shell(f"rm -f {_NO_CLUSTER}")

    def _shell(self, script: str) -> None:
        run_program(
            [*self._prefix, "sh", "-c", script],
            step=self._step,
            log=self._log,
            remedy="Check that this machine lets you change /etc.",
        )

    def _run(self, what: str, *arguments: str) -> None:
        def meter(line: str) -> tuple[str, int, int | None] | None:
            found = re.match(r"(dl|pm)status:[^:]*:([\d.]+):", line)
            return (what, int(float(found[2])), 100) if found else None

        self._step.report(what)
        # Its percentages need a descriptor of their own: apt closes the one it reports on before
        # it starts dpkg. Opened by a shell, it is there behind sudo too.
        script = 'exec env DEBIAN_FRONTEND=noninteractive apt-get -o APT::Status-Fd=3 "$@" 3>&1'
        run_program(
            [*self._prefix, "sh", "-c", script, "apt-get", "--quiet", *arguments],
            step=self._step,
            log=self._log,
            meter=meter,
            remedy="Check the network and the disk, then try it yourself: "
            + shlex.join(["sudo", "apt-get", *arguments]),
        )
