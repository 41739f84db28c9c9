"""`hereabouts up` as a whole process: it starts, it ends with everything it started, it recovers.

Each test gets a folder of its own with a database that is set up, and real signals.
"""

import asyncio
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app.core.database import Database, DatabaseAddress
from app.core.jobs import defer
from app.core.local_postgres import LocalPostgres

PROJECT = Path(__file__).parents[1]
PATIENCE = 90
MARK = "HEREABOUTS_TEST_RUN"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hear_hangups() -> None:
    """Undo nohup, under which these tests may run: it would be inherited and rightly kept."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Service:
    """One run of `hereabouts up`, in a process group of its own as at a terminal."""

    def __init__(self, var: Path, *, port: int | None = None, **settings: str) -> None:
        self.var = var
        self.port = port or free_port()
        self.mark = str(var)
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up"],
            cwd=PROJECT,
            env=kept | {"VAR_DIR": str(var), "PORT": str(self.port), MARK: self.mark} | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=_hear_hangups,  # noqa: PLW1509 - one system call
        )
        self.output = b""
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as stream:
            while chunk := os.read(stream.fileno(), 65536):
                self._lines.put(chunk)
        self._lines.put(b"")

    def wait_for(self, words: str) -> None:
        """Wait until the service has said `words`."""
        deadline = time.monotonic() + PATIENCE
        while words.encode() not in self.output:
            chunk = self._lines.get(timeout=max(0.1, deadline - time.monotonic()))
            assert chunk, f"It ended without saying {words!r}: {self.output.decode()}"
            self.output += chunk

    def end(self) -> tuple[int, str]:
        """Wait for the end; its exit code and all it said."""
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        while not self._lines.empty():
            self.output += self._lines.get()
        return code, self.output.decode()

    def list_processes(self) -> list[str]:
        """Every living process that this run started, by its environment or its data folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                environment = (process / "environ").read_bytes()
                folder = str((process / "cwd").readlink())
                name = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"{MARK}={self.mark}".encode() in environment or folder.startswith(str(self.var)):
                found.append(f"{process.name} {name}")
        return found

    def check_nothing_left(self) -> None:
        """Wait a moment for the kernel's own messages, then look for anything that lives on."""
        deadline = time.monotonic() + 15
        while (left := self.list_processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert left == []

    def ask(self, path: str) -> int:
        """The status of one page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def commit_row(self) -> None:
        """Commit something, as a visitor's contribution would be."""
        with psycopg.connect(LocalPostgres(self.var / "postgres").address.for_libpq) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (answer int)")
            connection.execute("INSERT INTO kept VALUES (42)")

    def count_rows(self) -> int:
        """How many of those are there."""
        with psycopg.connect(LocalPostgres(self.var / "postgres").address.for_libpq) as connection:
            row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row
        return int(row[0])


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A folder of state as the first run leaves it."""
    folder = Path(tempfile.mkdtemp(prefix="hereabouts-run-"))
    service = Service(folder / "var")
    try:
        service.wait_for("Hereabouts is ready")
        assert service.ask("/healthz") == 200
        assert service.ask("/readyz") == 200
    finally:
        service.process.send_signal(signal.SIGTERM)
        code, said = service.end()
    assert code == 0, said
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def var(prepared: Path) -> Iterator[Path]:
    """A copy of it, this test's own; every process of the test is ended with the test."""
    folder = Path(tempfile.mkdtemp(prefix="hereabouts-run-"))
    copied = folder / "var"
    subprocess.run(["/bin/cp", "-a", prepared, copied], check=True)  # noqa: S603 - keeps owners
    yield copied
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={copied}".encode() in (process / "environ").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue
    time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)


def test_says_one_line_a_step_and_the_address_last(var: Path) -> None:
    service = Service(var)
    service.wait_for("(Ctrl-C stops it)")
    lines = [line.split()[0] for line in service.output.decode().splitlines() if line.strip()]
    assert lines[:4] == ["Database", "Migrations", "Pack", "Hereabouts"]
    assert f"http://127.0.0.1:{service.port} " in service.output.decode()
    service.process.send_signal(signal.SIGTERM)
    assert service.end()[0] == 0


def test_second_start_neither_makes_nor_loads_anything_again(var: Path) -> None:
    made = (var / "postgres/data/PG_VERSION").stat().st_ctime_ns
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    service.process.send_signal(signal.SIGTERM)
    code, said = service.end()
    assert code == 0
    assert "demo, already there" in said
    assert "making it" not in said
    assert (var / "postgres/data/PG_VERSION").stat().st_ctime_ns == made


async def defer_load(database: Database) -> int:
    """Put the loading of the demonstration into the queue; return the number of the job."""
    async with database.sessions.begin() as session:
        return await defer(session, "packs.load", folder=str(PROJECT / "data/packs/demo"))


def wait_for_job(address: DatabaseAddress, job_id: int, state: str, attempt: int) -> None:
    """Wait until a job is in a certain state."""
    seen, deadline = None, time.monotonic() + PATIENCE
    query = "SELECT state, attempt FROM job_progress WHERE job_id = %s"
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        while seen != (state, attempt):
            assert time.monotonic() < deadline, seen
            time.sleep(0.05)
            seen = connection.execute(query, [job_id]).fetchone()


def test_a_job_that_runs_when_the_service_is_stopped_is_done_by_the_next(var: Path) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    address = LocalPostgres(var / "postgres").address
    with closing(psycopg.connect(address.for_libpq)) as holding:
        holding.execute("LOCK TABLE packs")  # which the job waits for
        job_id = asyncio.run(defer_load(Database(address, pool_size=0)))
        wait_for_job(address, job_id, "running", 1)
        service.process.send_signal(signal.SIGTERM)
        code, said = service.end()
    assert code == 0, said
    assert "Not everything stopped in time" not in said
    service.check_nothing_left()
    again = Service(var)
    again.wait_for("Hereabouts is ready")
    wait_for_job(address, job_id, "done", 2)
    again.process.send_signal(signal.SIGTERM)
    assert again.end()[0] == 0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_serving_ends_everything_in_order(var: Path, ending: signal.Signals) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    if ending is signal.SIGINT:
        os.killpg(service.process.pid, ending)  # as the terminal does it
    else:
        service.process.send_signal(ending)
    code, said = service.end()
    assert code == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said
    service.check_nothing_left()
    log = (var / "postgres" / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def test_kill_9_while_serving_leaves_nothing_and_loses_nothing(var: Path) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    service.commit_row()
    service.process.kill()
    assert service.end()[0] == -signal.SIGKILL
    service.check_nothing_left()
    again = Service(var)
    again.wait_for("Hereabouts is ready")
    assert again.count_rows() == 1
    assert again.ask("/readyz") == 200
    again.process.send_signal(signal.SIGTERM)
    assert again.end()[0] == 0


def test_kill_9_of_everything_at_once_loses_nothing(var: Path) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    service.commit_row()
    postmaster = int((var / "postgres/data/postmaster.pid").read_text().split("\n")[0])
    os.kill(postmaster, signal.SIGKILL)
    service.process.kill()
    service.end()
    service.check_nothing_left()
    again = Service(var)
    again.wait_for("Hereabouts is ready")
    assert again.count_rows() == 1
    again.process.send_signal(signal.SIGTERM)
    assert again.end()[0] == 0


def test_the_private_database_is_started_again_when_it_dies(var: Path) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    os.kill(int((var / "postgres/data/postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
    service.wait_for("private_database_started_again")
    deadline = time.monotonic() + 15
    status = 0
    while status != 200 and time.monotonic() < deadline:
        try:
            status = service.ask("/readyz")
        except OSError:
            time.sleep(0.2)
    assert status == 200
    service.process.send_signal(signal.SIGTERM)
    assert service.end()[0] == 0
    service.check_nothing_left()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_while_loading_it_starts_again(tmp_path: Path, ending: signal.Signals) -> None:
    var = tmp_path / "var"
    service = Service(var)
    service.wait_for("  Pack ")
    os.killpg(service.process.pid, ending)
    code, said = service.end()
    assert code in (130, -signal.SIGKILL), said
    assert "Traceback" not in said
    service.check_nothing_left()
    again = Service(var)
    again.wait_for("Hereabouts is ready")
    assert again.ask("/readyz") == 200
    again.process.send_signal(signal.SIGTERM)
    assert again.end()[0] == 0


def test_a_second_start_in_the_same_folder_is_refused_with_a_sentence(var: Path) -> None:
    service = Service(var)
    service.wait_for("Hereabouts is ready")
    code, said = Service(var).end()
    assert code == 1
    assert f"process {service.process.pid} at http://127.0.0.1:{service.port}" in said
    assert service.ask("/healthz") == 200
    service.process.send_signal(signal.SIGTERM)
    assert service.end()[0] == 0


def test_a_port_in_use_is_told_before_anything_is_set_up(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = Service(tmp_path / "var", port=port).end()
    assert code == 1
    assert f"Port {port} is in use" in said
    assert "PORT=" in said
    assert not (tmp_path / "var" / "postgres").exists()


def test_an_unreachable_database_url_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://me:hunter2@127.0.0.1:{free_port()}/nothing"
    code, said = Service(tmp_path / "var", DATABASE_URL=url).end()
    assert code == 1
    assert "DATABASE_URL" in said
    assert "hunter2" not in said
    assert "Traceback" not in said


def test_what_is_no_database_url_is_told_without_its_password(tmp_path: Path) -> None:
    code, said = Service(tmp_path / "var", DATABASE_URL="mysql://me:hunter2@here/it").end()
    assert code == 1
    assert "postgresql://" in said
    assert "hunter2" not in said


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    code, said = Service(tmp_path / "var", RUN_WORKER="perhaps").end()
    assert code == 1
    assert "RUN_WORKER" in said
    assert "Traceback" not in said
