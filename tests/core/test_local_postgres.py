"""The private cluster: made once, found again after every kind of end, never anybody else's."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.core import local_postgres
from app.core.local_postgres import LocalPostgres, LocalPostgresError
from app.core.postgres_programs import find_programs, list_programs


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="hereabouts-cluster-"))
    yield made / "postgres"
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def cluster(folder: Path) -> Iterator[LocalPostgres]:
    made = LocalPostgres(folder)
    yield made
    made.stop()


def ask(cluster: LocalPostgres, query: str) -> object:
    address = cluster.address.with_name("postgres")
    with psycopg.connect(address.for_libpq, autocommit=True) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
    return row and row[0]


def read_pid(cluster: LocalPostgres) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split("\n")[0])


def test_is_made_on_first_start_and_kept(cluster: LocalPostgres) -> None:
    assert not cluster.is_made()
    cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    cluster.stop()
    assert not cluster.is_running()
    cluster.start()
    assert ask(cluster, "SELECT answer FROM kept") == 42


def test_opens_no_port_and_shows_its_folder_to_nobody(cluster: LocalPostgres) -> None:
    cluster.start()
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert cluster.socket_folder.stat().st_mode & 0o077 == 0
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_another_port_in_the_environment_changes_nothing(
    cluster: LocalPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_survives_kill_9_of_the_server_with_what_was_committed(cluster: LocalPostgres) -> None:
    cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(read_pid(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    cluster.keep_running()
    assert ask(cluster, "SELECT answer FROM kept") == 42


def test_ends_with_a_starter_that_is_killed(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; "
        "from app.core.local_postgres import LocalPostgres; "
        "c = LocalPostgres(Path(sys.argv[1])); c.start(); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-c", program, folder], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == b"up\n"
        cluster = LocalPostgres(folder)
        pid = read_pid(cluster)
        child.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    with cluster.running():
        assert ask(cluster, "SELECT 1") == 1


def test_takes_over_from_a_server_that_was_left_behind(cluster: LocalPostgres) -> None:
    cluster.start()
    second = LocalPostgres(cluster.folder)
    with second.running():
        assert ask(second, "SELECT 1") == 1


def test_leaves_a_stranger_alone_who_got_the_old_number(cluster: LocalPostgres) -> None:
    cluster.start()
    pid_file = cluster.data / "postmaster.pid"
    left_behind = pid_file.read_text()
    cluster.stop()
    with subprocess.Popen(
        ["/bin/sleep", "60"], user=cluster._owner and cluster._owner.pw_uid
    ) as stranger:
        first, _, rest = left_behind.partition("\n")
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        (cluster.socket_folder / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n{rest}")
        try:
            assert first != str(stranger.pid)
            cluster.start()
            assert ask(cluster, "SELECT 1") == 1
            assert stranger.poll() is None
        finally:
            stranger.kill()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can close a folder to others and enter it")
def test_lives_below_a_folder_that_only_root_may_enter(cluster: LocalPostgres) -> None:
    cluster.folder.parent.chmod(0o700)
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_a_deep_folder_gets_a_socket_elsewhere(folder: Path) -> None:
    cluster = LocalPostgres(folder.joinpath(*["a" * 40] * 3))
    assert not cluster.socket_folder.is_relative_to(folder)
    with cluster.running():
        assert ask(cluster, "SELECT 1") == 1
    shutil.rmtree(cluster.socket_folder)


def test_a_half_made_cluster_does_not_count(cluster: LocalPostgres) -> None:
    (cluster.folder / "data.unfinished").mkdir(parents=True)
    (cluster.folder / "data.unfinished" / "PG_VERSION").write_text("15\n")
    assert not cluster.is_made()
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1


def test_says_which_postgres_is_gone(cluster: LocalPostgres) -> None:
    cluster.data.mkdir(parents=True)
    cluster._give_away(cluster.data)
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(LocalPostgresError, match="postgresql-12-postgis-3"):
        cluster.start()


def test_says_what_to_install_when_there_is_no_postgres(
    cluster: LocalPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_postgres, "find_programs", lambda *_: None)
    with pytest.raises(LocalPostgresError, match="apt-get install postgresql") as caught:
        cluster.start()
    assert "DATABASE_URL" in str(caught.value)


def test_says_the_end_of_the_log_when_the_server_refuses(cluster: LocalPostgres) -> None:
    cluster.make()
    (cluster.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(LocalPostgresError, match="no_such_setting"):
        cluster.start()


def test_finds_a_postgres_with_postgis() -> None:
    programs = find_programs()
    assert programs is not None
    assert programs.is_enough
    assert programs == max(found for found in list_programs() if found.is_enough)
    assert find_programs(9) is None
