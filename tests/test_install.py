"""The installer: what it skips, what it refuses, and the sentences it refuses with."""

import os
import re
import shutil
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from app.core.run_lock import AlreadyRunningError, RunLock
from app.core.terminal import Step, Steps
from requirements import install, system_packages
from requirements.check import list_checks
from requirements.programs import InstallError, count_lines, run_program
from requirements.stamps import Stamps
from requirements.system_packages import Wanted, ensure_system_packages

PROJECT = Path(__file__).parents[1]
SHELL = "/bin/sh"


def make_step() -> Step:
    return Step("Step", StringIO(), live=False)


def read_pins(name: str) -> dict[str, str]:
    lines = (PROJECT / "requirements" / name).read_text().splitlines()
    return dict(
        line.split(" ")[0].split("==") for line in lines if re.match(r"[a-z0-9-]+.*==", line)
    )


def run_bootstrap(folder: Path, *programs: str) -> subprocess.CompletedProcess[str]:
    """Run the shell part with only `programs` on PATH."""
    for program in programs:
        (folder / program).symlink_to(shutil.which(program) or "/nonexistent")
    return subprocess.run(  # noqa: S603 - the script under test
        [SHELL, PROJECT / "requirements" / "python.sh", "-c", "print('ran')"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_prints_the_targets() -> None:
    said = subprocess.run(  # noqa: S603 - make itself
        ["/usr/bin/make", "--no-print-directory", "-C", PROJECT],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert {"run", "test", "check", "fix", "dev", "bench", "lock"} <= targets
    assert all(f"make {target} " in said for target in targets)


def test_an_older_python_is_told_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    said = run_bootstrap(tmp_path, "id")
    assert said.returncode == 1
    assert "Python 3.11 or newer" in said.stderr


def test_a_python_that_is_new_enough_runs_the_script(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    assert run_bootstrap(tmp_path).stdout == "ran\n"


def test_locks_agree_and_name_no_host() -> None:
    app, dev = read_pins("app.txt"), read_pins("dev.txt")
    assert app.items() <= dev.items()
    for name in ("app.txt", "dev.txt", "node.txt"):
        text = (PROJECT / "requirements" / name).read_text()
        assert "://" not in text
        assert "--hash=sha256:" in text


def test_a_step_is_current_until_an_input_or_the_folder_changes(tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    source.write_text("one")
    with Stamps(tmp_path / "stamps", tmp_path, Steps(StringIO())) as stamps:
        digest = stamps.digest([source], "3.11")
        stamps.write("step", digest)
        assert stamps.is_current("step", stamps.digest([source], "3.11"))
        assert not stamps.is_current("step", stamps.digest([source], "3.12"))
        source.write_text("two")
        assert not stamps.is_current("step", stamps.digest([source], "3.11"))
        stamps.forget("step")
        assert not stamps.is_current("step", digest)


def test_a_failed_program_shows_its_last_lines_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InstallError) as caught:
        run_program(
            [SHELL, "-c", "echo beginning; echo the reason >&2; exit 3"],
            step=make_step(),
            log=tmp_path / "log",
            remedy="Do this.",
        )
    assert "the reason" in str(caught.value)
    assert "Do this." in str(caught.value)
    assert str(tmp_path / "log") in str(caught.value)
    assert "beginning" in (tmp_path / "log").read_text()


def test_an_interrupted_program_is_ended_with_what_it_started(tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt(line)

    with pytest.raises(KeyboardInterrupt) as caught:
        run_program(
            [SHELL, "-c", "sleep 60 & echo $!; wait"],
            step=make_step(),
            log=tmp_path / "log",
            remedy="",
            meter=interrupt,
        )
    child = Path(f"/proc/{str(caught.value).strip()}")
    deadline = time.monotonic() + 5
    while child.exists() and "Z" not in (child / "stat").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_progress_counts_what_a_program_says() -> None:
    meter = count_lines("^Collecting ", 2, "packages")
    assert meter("Looking") is None
    assert meter("Collecting a") == ("packages", 1, 2)
    assert meter("Collecting b") == ("packages", 2, 2)


def test_without_rights_the_exact_command_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "find_programs", lambda: None)
    monkeypatch.setattr(system_packages, "_newest_postgres_offered", lambda: 17)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "apt-get" else None)
    with pytest.raises(InstallError) as caught:
        ensure_system_packages(Wanted(database=True, browser=False), make_step(), tmp_path / "log")
    assert "apt-get install postgresql-17 postgresql-17-postgis-3" in str(caught.value)
    assert "DATABASE_URL" in str(caught.value)


def test_on_another_system_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_packages, "find_programs", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(InstallError, match="PostgreSQL 15 or newer with PostGIS 3"):
        ensure_system_packages(Wanted(database=True, browser=False), make_step(), tmp_path / "log")


def test_a_snap_is_no_browser_for_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexec /snap/bin/chromium\n")
    stub.chmod(0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_packages.find_browser() is None
    monkeypatch.setenv("CHROMIUM", str(stub))
    assert system_packages.find_browser() == str(stub)


@pytest.mark.parametrize(
    ("line", "elsewhere"),
    [
        ("DATABASE_URL=postgresql://me@here/it", True),
        ("database_url = 'postgresql://me@here/it'", True),
        ("DATABASE_URL=", False),
        ("# DATABASE_URL=postgresql://me@here/it", False),
    ],
)
def test_no_postgres_is_needed_when_env_names_one(
    line: str, *, elsewhere: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(install, "ROOT", tmp_path)
    (tmp_path / ".env").write_text(f"PORT=1\n{line}\n")
    assert install._has_own_database() is elsewhere


def test_skipped_open_data_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.realdata\n"
        "def test_reads(): pytest.skip('not there')\n"
        "def test_other(): pass\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = realdata: it\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    plain = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)  # noqa: S603 - pytest
    strict = subprocess.run(  # noqa: S603 - pytest
        [*command, "-p", "requirements.realdata_required", "-n", "1"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0
    assert strict.returncode == 1
    assert "test_it.py::test_reads" in strict.stdout


def test_the_python_tests_are_the_last_check() -> None:
    names = [check.name for check in list_checks()]
    assert names[-1] == "Tests"
    assert {"Lint", "Types", "Contracts", "Frontend tests"} <= set(names)


def test_a_second_process_is_refused_and_the_first_keeps_the_lock(tmp_path: Path) -> None:
    lock = RunLock(tmp_path)
    lock.acquire()
    lock.announce("http://127.0.0.1:8000")
    program = (
        "import sys; from pathlib import Path; from app.core.run_lock import *\n"
        "try: RunLock(Path(sys.argv[1])).acquire()\n"
        "except AlreadyRunningError as error: print(error)"
    )
    for _ in range(2):
        said = subprocess.run(  # noqa: S603 - this very Python
            [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
        ).stdout
        assert f"process {os.getpid()} at http://127.0.0.1:8000" in said
    lock.release()
    after = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )
    assert after.stdout == ""
    assert issubclass(AlreadyRunningError, Exception)


def test_the_lock_survives_becoming_another_program(tmp_path: Path) -> None:
    become = (
        "import os, sys; os.execv(sys.executable, [sys.executable, '-c', sys.argv[2], sys.argv[1]])"
    )
    program = (
        "import sys, subprocess; from pathlib import Path; from app.core.run_lock import *\n"
        "again = 'from pathlib import Path; import sys; from app.core.run_lock import *\\n' \\\n"
        "  'try: RunLock(Path(sys.argv[1])).acquire()\\n' \\\n"
        "  'except AlreadyRunningError: print(1)'\n"
        "ask = lambda: subprocess.run([sys.executable, '-c', again, sys.argv[1]],"
        " capture_output=True, text=True).stdout\n"
        "print(repr(ask())); RunLock(Path(sys.argv[1])).acquire(); print(repr(ask()))"
    )
    first = (
        "import os, sys; from pathlib import Path; from app.core.run_lock import RunLock\n"
        "RunLock(Path(sys.argv[1])).acquire()\n" + become
    )
    said = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", first, tmp_path, program], capture_output=True, text=True, check=True
    ).stdout
    assert said == "'1\\n'\n'1\\n'\n"


def test_a_step_is_one_line_and_says_how_it_ended() -> None:
    output = StringIO()
    steps = Steps(output)
    with steps.step("Good") as step:
        step.report("half", 1, 2)
        step.outcome = "all there"
    with pytest.raises(ValueError, match="broken"), steps.step("Bad"):
        raise ValueError("broken")
    assert output.getvalue().split("\n") == [
        "  Good                  all there",
        "  Bad                   failed",
        "",
    ]


def test_at_a_terminal_a_bar_is_drawn_in_place() -> None:
    output = StringIO()
    step = Step("Long", output, live=True)
    step.report("packages", 5, 10)
    assert "[############............]  50 %" in output.getvalue()
    step.close("done")
    assert output.getvalue().count("\n") == 1
