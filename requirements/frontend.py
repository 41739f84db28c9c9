"""Node, the frontend's locked packages, and its build."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.terminal import Step
from requirements.environment import Environment
from requirements.programs import count_lines, run_program

_NOT_SOURCES = {"node_modules", "dist", "coverage", ".vite"}


@dataclass(frozen=True)
class Node:
    """A Node that is new enough.

    Attributes:
        version: Such as `v22.13.0`.
        path: The PATH that finds this `node` and its `npm` first.
    """

    version: str
    path: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment for `npm` and what it starts."""
        return {**os.environ, "PATH": self.path, "NO_UPDATE_NOTIFIER": "1", "CI": "true"}


def build_frontend(environment: Environment, *, build: bool) -> None:
    """Find or install Node, then install and build the frontend where its sources changed.

    Raises:
        InstallError: npm or the build failed.
    """
    folder = environment.root / "app" / "frontend"
    stamps, steps = environment.stamps, environment.steps
    with steps.step("Node") as step:
        node = _find_node(environment, step)
        step.outcome = f"{node.version} {step.outcome}"
    locks = [folder / name for name in ("package.json", "package-lock.json", ".npmrc")]
    locks_digest = stamps.digest([lock for lock in locks if lock.exists()], node.version)
    with steps.step("Frontend packages") as step:
        installed = (folder / "node_modules").is_dir()
        if installed and stamps.is_current("frontend-packages", locks_digest):
            step.outcome = "already there"
        else:
            stamps.forget("frontend-packages")
            count = _install_packages(folder, node, step, environment.logs)
            stamps.write("frontend-packages", locks_digest)
            step.outcome = f"{count} locked packages installed"
    if not build:
        return
    with steps.step("Frontend") as step:
        digest = stamps.digest(_list_sources(folder), node.version)
        if (folder / "dist").is_dir() and stamps.is_current("frontend", digest):
            step.outcome = "already built"
            return
        stamps.forget("frontend")
        step.report("building")
        run_program(
            ["npm", "--prefix", folder, "run", "build"],
            step=step,
            log=environment.logs / "frontend.log",
            environment=node.environment,
            remedy="The lines above name the file to mend; if none of yours, remove "
            "app/frontend/node_modules and start again.",
        )
        stamps.write("frontend", digest)
        step.outcome = "built"


def _install_packages(folder: Path, node: Node, step: Step, logs: Path) -> int:
    lock = (folder / "package-lock.json").read_text(encoding="utf-8")
    count = lock.count('"node_modules/')
    run_program(
        ["npm", "--prefix", folder, "ci", "--loglevel=http", "--no-audit", "--no-fund"],
        step=step,
        log=logs / "npm.log",
        environment=node.environment,
        meter=count_lines(r"^npm http (fetch|cache) ", count, "packages"),
        remedy="Check that the package registry can be reached (a proxy or mirror goes into npm's "
        "own configuration) and that the disk has room, then start again.",
    )
    return count


def _list_sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_file():
            yield entry
        elif entry.name not in _NOT_SOURCES:
            yield from (file for file in entry.rglob("*") if file.is_file())


def _find_node(environment: Environment, step: Step) -> Node:
    """Return the Node on PATH if it is new enough, else the one packaged for Python."""
    ours = environment.root / "var" / "node" / "bin"
    path = os.environ.get("PATH", os.defpath)
    version = _ask_version("node", path)
    if _is_new_enough(version) and _ask_version("npm", path):
        shutil.rmtree(ours, ignore_errors=True)
        step.outcome = "from PATH"
        return Node(version, path)
    step.report("installing Node as a Python package")
    package = environment.install_node(step)
    _link_node(package, ours)
    path = f"{ours}{os.pathsep}{path}"
    step.outcome = "as a Python package"
    return Node(_ask_version("node", path), path)


def _link_node(package: Path, folder: Path) -> None:
    """Make `node` and a working `npm`: the packaged one looks for its files in a wrong place."""
    folder.mkdir(parents=True, exist_ok=True)
    node = folder / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(package / "bin" / "node")
    for name in ("npm", "npx"):
        program = package / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        script = folder / name
        script.write_text(f'#!/bin/sh\nexec "{node}" "{program}" "$@"\n')
        script.chmod(0o755)


def _ask_version(program: str, path: str) -> str:
    found = shutil.which(program, path=path)
    if not found:
        return ""
    said = subprocess.run(  # noqa: S603 - node or npm itself
        [found, "--version"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )
    return said.stdout.strip() if said.returncode == 0 else ""


def _is_new_enough(version: str) -> bool:
    """Whether it is one of the Nodes that the frontend's package.json names under `engines`."""
    match = re.match(r"v(\d+)\.(\d+)", version)
    if not match:
        return False
    major, minor = int(match[1]), int(match[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 13) or major >= 24  # noqa: PLR2004
