"""Runs the programs an installation consists of, with a line of progress and a kept log."""

import os
import re
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from app.core.lifeline import tie_child
from app.core.terminal import Step

_TAIL_LINES = 12
_END_SECONDS = 3

Meter = Callable[[str], tuple[str, int, int | None] | None]
"""Reads one line of a program's output; what it says, how much is done, and of how much."""


class InstallError(Exception):
    """A step of the installation failed; the message says what to do."""


def count_lines(pattern: str, total: int | None, text: str) -> Meter:
    """Return a meter that counts the lines in which `pattern` is found."""
    expression = re.compile(pattern)
    seen = 0

    def read(line: str) -> tuple[str, int, int | None] | None:
        nonlocal seen
        if not expression.search(line):
            return None
        seen += 1
        return (text, seen, total)

    return read


def run_program(
    command: Sequence[str | Path],
    *,
    step: Step,
    log: Path,
    remedy: str,
    meter: Meter | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run one program to its end, showing progress; its whole output goes to `log`.

    The program gets a process group of its own, so that Ctrl-C reaches us alone and we end it
    with everything that it started. Only the system's package manager is never interrupted:
    half an installation is worse than a minute's wait.

    Raises:
        InstallError: It failed; the message holds the end of what it said and `remedy`.
    """
    may_be_ended = "apt-get" not in command
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as kept:
        kept.write(f"\n$ {' '.join(str(part) for part in command)}\n".encode())
        kept.flush()
        start = kept.tell()
        try:
            process = subprocess.Popen(  # noqa: S603 - the command lines of the install
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                process_group=0,
                # Outright, because npm takes its time over anything milder.
                preexec_fn=tie_child(signal.SIGKILL) if may_be_ended else None,  # noqa: PLW1509 - two system calls
            )
        except OSError as error:
            raise InstallError(f"{command[0]} could not be started: {error}. {remedy}") from None
        try:
            _follow(process, kept, step, meter)
        finally:
            _end(process, with_group=may_be_ended)
    if process.returncode:
        tail = _read_tail(log, start)
        raise InstallError(f"{tail}\n\n{remedy}\nEverything it said is in {log}.")


def _follow(
    process: subprocess.Popen[bytes], kept: IO[bytes], step: Step, meter: Meter | None
) -> None:
    """Copy output to the log as it comes, and keep the step's line moving."""
    if process.stdout is None:
        return
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            step.tick()
            if not selector.select(timeout=0.1):
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            kept.write(chunk)
            if not chunk:
                break
            *lines, rest = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
            for line in lines:
                if meter and (progress := meter(line.decode(errors="replace"))):
                    step.report(*progress)
    process.wait()


def _end(process: subprocess.Popen[bytes], *, with_group: bool) -> None:
    """End a program that did not end well, and whatever it left running; or wait for its end."""
    if process.poll() != 0 and with_group:
        for ending in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, ending)
                process.wait(timeout=_END_SECONDS)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
    process.wait()
    if process.stdout:
        process.stdout.close()


def _read_tail(log: Path, start: int) -> str:
    with log.open("rb") as kept:
        kept.seek(start)
        lines = kept.read().decode(errors="replace").replace("\r", "\n").splitlines()
    said = [line for line in lines if line.strip()]
    return "\n".join(f"    {line[:300]}" for line in said[-_TAIL_LINES:])
