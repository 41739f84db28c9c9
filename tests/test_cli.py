"""The command line: what each command does, and the sentence when it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from app.core import backup
from app.core.backup import BackupError, client_environment
from app.core.database import DatabaseAddress
from app.core.postgres_programs import say_first_line
from app.core.server import PortError, describe_address, take_port

PROJECT = Path(__file__).parents[1]


def run(
    *arguments: str | Path, address: DatabaseAddress | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one command, on a database of the throwaway cluster."""
    environment = dict(os.environ) | settings
    if address:
        environment["DATABASE_URL"] = address.for_libpq
    return subprocess.run(  # noqa: S603 - the command under test
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_help_names_every_command() -> None:
    said = run("--help").stdout
    assert all(name in said for name in ("up", "serve", "worker", "db", "pack"))


def test_an_unknown_command_is_a_usage_error() -> None:
    assert run("fly").returncode == 2


def test_a_pack_is_loaded_named_and_left_alone_the_second_time(address: DatabaseAddress) -> None:
    assert "No pack is loaded." in run("pack", "status", address=address).stdout
    first = run("pack", "load", "demo", address=address)
    assert first.returncode == 0, first.stderr
    assert "demo, loaded" in first.stdout
    assert "demo, unchanged" in run("pack", "load", "demo", address=address).stdout
    assert "The pack demo is loaded." in run("pack", "status", address=address).stdout


def test_packs_are_listed_and_checked_without_a_database() -> None:
    listed = [line.split()[0] for line in run("pack", "list").stdout.splitlines()]
    assert "demo" in listed
    assert "in order" in run("pack", "check", "demo").stdout
    unknown = run("pack", "check", "atlantis")
    assert unknown.returncode == 1
    assert "demo" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_a_missing_database_is_made_and_migrated(server: DatabaseAddress) -> None:
    fresh = server.with_name("made_by_the_command_line")
    done = run("db", "migrate", address=fresh)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(fresh.for_libpq) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    with psycopg.connect(server.with_name("postgres").for_libpq, autocommit=True) as connection:
        connection.execute("DROP DATABASE made_by_the_command_line")


def test_what_is_dumped_can_be_restored(demo_address: DatabaseAddress, tmp_path: Path) -> None:
    file = tmp_path / "hereabouts.dump"
    assert run("db", "dump", file, address=demo_address).returncode == 0
    assert file.stat().st_mode & 0o077 == 0
    count = "SELECT count(*) FROM areas"
    with psycopg.connect(demo_address.for_libpq) as connection:
        before = connection.execute(count).fetchone()
        connection.execute("TRUNCATE areas CASCADE")
    done = run("db", "restore", file, address=demo_address)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(demo_address.for_libpq) as connection:
        assert connection.execute(count).fetchone() == before


def test_a_restore_that_fails_changes_nothing(
    demo_address: DatabaseAddress, tmp_path: Path
) -> None:
    file = tmp_path / "no.dump"
    file.write_text("this is no dump")
    with pytest.raises(BackupError, match="pg_restore failed"):
        backup.restore(demo_address, file)
    with psycopg.connect(demo_address.for_libpq) as connection:
        row = connection.execute("SELECT count(*) FROM areas").fetchone()
    assert row
    assert row[0] > 0


def read_note(address: DatabaseAddress) -> object:
    """Return what `write_note` wrote into the database."""
    with psycopg.connect(address.for_libpq) as connection:
        return connection.execute("SELECT words FROM note").fetchone()


def write_note(address: DatabaseAddress, words: str) -> None:
    """Tell a database from its later self."""
    with psycopg.connect(address.for_libpq) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (words text)")
        connection.execute("DELETE FROM note")
        connection.execute("INSERT INTO note VALUES (%s)", [words])


def test_a_restore_interrupted_before_the_old_database_is_dropped_has_replaced_it(
    address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hereabouts.dump"
    write_note(address, "dumped")
    backup.dump(address, file)
    write_note(address, "later")
    drop, dropped = backup._drop, []

    def drop_once_each(connection: psycopg.Connection, name: str) -> None:
        if name in dropped or name == address.name:
            raise KeyboardInterrupt
        dropped.append(name)
        drop(connection, name)

    monkeypatch.setattr(backup, "_drop", drop_once_each)
    with psycopg.connect(address.for_libpq), pytest.raises(KeyboardInterrupt):
        backup.restore(address, file)
    assert read_note(address) == ("dumped",)
    before = address.with_name(f"{address.name}_before")
    assert read_note(before) == ("later",)
    monkeypatch.undo()
    backup.restore(address, file)
    assert read_note(address) == ("dumped",)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        read_note(before)


def test_a_restore_that_cannot_put_the_new_database_in_place_keeps_the_old(
    address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hereabouts.dump"
    backup.dump(address, file)
    write_note(address, "later")
    rename, renamed = backup._rename, []

    def fail_at_second(connection: psycopg.Connection, name: str, to: str) -> None:
        renamed.append(name)
        if len(renamed) > 1:
            raise KeyboardInterrupt
        rename(connection, name, to)

    monkeypatch.setattr(backup, "_rename", fail_at_second)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(address, file)
    assert read_note(address) == ("later",)
    monkeypatch.undo()
    backup.restore(address, file)  # and the next one is not disturbed by what is left


def test_an_error_of_the_database_that_says_nothing_is_named() -> None:
    assert say_first_line(psycopg.OperationalError("\n")) == "OperationalError"
    assert say_first_line(psycopg.OperationalError("no room\nDETAIL: none")) == "no room"


def test_a_name_that_postgres_would_cut_is_not_restored_beside(
    server: DatabaseAddress, tmp_path: Path
) -> None:
    file = tmp_path / "hereabouts.dump"
    file.touch()
    with pytest.raises(BackupError, match="too long"):
        backup.restore(server.with_name("n" * 60), file)


def test_passwords_stay_off_command_lines() -> None:
    url = "postgresql://me:secret@here:5433/it?sslmode=require"
    environment = client_environment(DatabaseAddress(url))
    wanted = {"PGHOST": "here", "PGPORT": "5433", "PGPASSWORD": "secret", "PGSSLMODE": "require"}
    assert wanted.items() <= environment.items()


def test_serving_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    said = run("serve", DATABASE_URL="", VAR_DIR=str(tmp_path), PORT="18017")
    assert said.returncode == 1
    assert "hereabouts up" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_that_is_taken_or_a_host_that_is_not_ours_is_told() -> None:
    with take_port("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(PortError, match="PORT="):
            take_port("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(PortError, match="HOST"):
        take_port("192.0.2.1", 8000)


def test_the_address_shown_is_one_that_a_browser_here_can_open() -> None:
    assert describe_address("0.0.0.0", 8000) == "http://127.0.0.1:8000"  # noqa: S104 - only shown
    assert describe_address("::1", 8000) == "http://[::1]:8000"
