"""A private PostgreSQL cluster in a folder of the project, reached by a unix socket only."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import structlog

from app.core.database import DatabaseAddress
from app.core.lifeline import tie_child
from app.core.postgres_programs import (
    OLDEST_POSTGIS,
    OLDEST_POSTGRES,
    PostgresPrograms,
    find_programs,
)

ROLE = "hereabouts"
PORT = 5432  # no port is opened: it is a part of the socket's name
SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 with the socket's own name in it
START_SECONDS = 60
ORPHAN_SECONDS = 15
LARGEST_LOG_BYTES = 10_000_000

log = structlog.get_logger(__name__)


class LocalPostgresError(Exception):
    """The private cluster could not be made, started or stopped; the message says what to do."""


class LocalPostgres:
    """One cluster: made on first use, started, stopped, and found again after a crash.

    The server's superuser is the role `hereabouts`. Peer authentication through a socket in a
    folder only its owner may enter is the whole of its access control: no password exists and
    no port is opened. PostgreSQL refuses to run as root, so root runs it as the ordinary user
    `postgres`.

    Args:
        folder: Where the cluster lives; made if missing.
        durable: False turns off fsync, for clusters that are thrown away.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.data = self.folder / "data"
        self.log_file = self.folder / "postgres.log"
        self.socket_folder = self._choose_socket_folder()
        self._owner = _choose_owner()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> DatabaseAddress:
        """The address of the database `hereabouts` in this cluster."""
        # The port is named because a PGPORT in somebody's environment would be taken otherwise.
        where = f"host={quote(str(self.socket_folder))}&port={PORT}"
        return DatabaseAddress(f"postgresql://{ROLE}@/{ROLE}?{where}")

    def is_made(self) -> bool:
        """Whether the cluster exists."""
        return (self.data / "PG_VERSION").exists()

    def is_running(self) -> bool:
        """Whether a server, started by this process or another, takes connections."""
        status = self.data / "postmaster.pid"
        lines = status.read_text().splitlines() if status.exists() else []
        return (
            len(lines) > 7  # noqa: PLR2004 - the eighth line is the server's status
            and lines[7].strip() == "ready"
            and self._is_ours(int(lines[0] or 0))
        )

    def make(self) -> None:
        """Make the cluster beside its place and move it there: a half-made one never counts.

        Raises:
            LocalPostgresError: `initdb` failed; the message holds what it said.
        """
        programs = self._find_programs()
        unfinished = self.folder / "data.unfinished"
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        with _reach(unfinished) as reachable:
            made = self._run(
                [
                    str(programs.folder / "initdb"), "-D", reachable, "-U", ROLE, "-E", "UTF8",
                    "--locale=C.UTF-8", "--auth=reject", "--no-instructions",
                    *([] if self.durable else ["--no-sync"]),
                ],
                keep=reachable,
            )  # fmt: skip
        if made.returncode:
            raise LocalPostgresError(
                f"The private database could not be made in {self.folder}: {made.stdout.strip()}"
            )
        self._write_access_rules(unfinished)
        unfinished.rename(self.data)

    def start(self) -> None:
        """Start the server, or take over the one that a killed process left behind.

        Raises:
            LocalPostgresError: The server did not come up; the message holds the end of its log.

        Call it from the main thread: the kernel stops the server when that thread dies.
        """
        if not self.is_made():
            self.make()
        self._check_owner()
        programs = self._find_programs()
        self._stop_left_behind()
        self._make_socket_folder()
        self._prepare_log()
        with _reach(self.data) as reachable, _reach(self.socket_folder) as sockets:
            command = [
                str(programs.folder / "postgres"), "-D", reachable, "-k", sockets,
                "-p", str(PORT), "-c", "listen_addresses=", "-c", f"cluster_name={ROLE}",
                *_options(durable=self.durable),
            ]  # fmt: skip
            self._process = self._spawn(command, keep=(reachable, sockets))
            self._wait_until_ready()

    def stop(self) -> None:
        """Stop the server this object started, ending open connections; wait until it is gone.

        A second Ctrl-C while waiting stops it at once; nothing committed is lost by that.
        """
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=START_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None

    def keep_running(self) -> None:
        """Start the server again if it died without being asked to.

        Raises:
            LocalPostgresError: It does not come up again.
        """
        if self._process is None or self._process.poll() is None:
            return
        log.error("private_database_died", exit_code=self._process.returncode)
        deadline = time.monotonic() + ORPHAN_SECONDS
        while True:
            try:
                self.start()
            except LocalPostgresError:
                # Its own children may still be noticing that it died.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
            else:
                break
        log.warning("private_database_started_again")

    @contextmanager
    def running(self) -> Iterator["LocalPostgres"]:
        """Start the server, and stop it when the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def _choose_socket_folder(self) -> Path:
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"hereabouts-{os.getuid()}-{digest}"

    def _make_socket_folder(self) -> None:
        self.socket_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.socket_folder.lstat()
        ours = {os.getuid(), self._owner.pw_uid if self._owner else os.getuid()}
        # In a shared temporary folder somebody else could have put theirs in our way.
        if self.socket_folder.is_symlink() or found.st_uid not in ours or found.st_mode & 0o077:
            raise LocalPostgresError(
                f"{self.socket_folder} is not a private folder of ours. Remove it and try again."
            )
        self._give_away(self.socket_folder)

    def _give_away(self, path: Path) -> None:
        if self._owner:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _write_access_rules(self, data: Path) -> None:
        """Let in, by socket, only the person who runs the service and the server's own user."""
        people = {pwd.getpwuid(os.getuid()).pw_name}
        if self._owner:
            people.add(self._owner.pw_name)
        (data / "pg_hba.conf").write_text("local all all peer map=people\n")
        lines = [f'people "{person}" {ROLE}\n' for person in sorted(people)]
        (data / "pg_ident.conf").write_text("".join(lines))

    def _find_programs(self) -> PostgresPrograms:
        """Return the programs that made this cluster, or the newest ones for a new cluster."""
        if not self.is_made():
            if programs := find_programs():
                return programs
            raise LocalPostgresError(
                f"PostgreSQL {OLDEST_POSTGRES} or newer with PostGIS "
                f"{'.'.join(map(str, OLDEST_POSTGIS))} or newer is not installed. On Debian or "
                "Ubuntu: sudo apt-get install postgresql postgresql-postgis. Or set DATABASE_URL "
                "to a PostGIS elsewhere."
            )
        made_with = int((self.data / "PG_VERSION").read_text().split(".")[0])
        if programs := find_programs(made_with):
            return programs
        raise LocalPostgresError(
            f"The private database in {self.folder} was made by PostgreSQL {made_with}, which is "
            f"no longer installed with PostGIS. Install postgresql-{made_with}-postgis-3 again, "
            f"or move {self.folder} away to start with an empty one."
        )

    def _check_owner(self) -> None:
        expected = self._owner.pw_uid if self._owner else os.getuid()
        try:
            owner = self.data.stat().st_uid
        except PermissionError:
            owner = -1
        if owner != expected:
            raise LocalPostgresError(
                f"The private database in {self.folder} belongs to another user of this machine. "
                f"Run the command as the user who made it, or move {self.folder} away to start "
                "with an empty one."
            )

    def _prepare_log(self) -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG_BYTES:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        self.log_file.touch(mode=0o600)

    def _stop_left_behind(self) -> None:
        """End a server whose starter was killed; it serves nobody and holds the lock file."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while pid_file.exists():
            pid = int(pid_file.read_text().split("\n")[0] or 0)
            if not self._is_ours(pid):
                # After a crash the number may belong to any other program by now, and the
                # server would take that for a server still running here. If it belongs to
                # nobody, the server sees so itself, and waits for what its last run left.
                if Path(f"/proc/{pid}").exists():
                    pid_file.unlink(missing_ok=True)
                    (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
                return
            os.kill(pid, signal.SIGINT)
            if time.monotonic() > deadline:
                raise LocalPostgresError(
                    f"A database server from an earlier run (process {pid}) does not stop. "
                    f"Stop it with: kill -QUIT {pid}"
                )
            time.sleep(0.1)

    def _is_ours(self, pid: int) -> bool:
        """Whether a process is the server of this very cluster: a server works in its folder."""
        try:
            if Path("/proc/self/cwd").exists():
                return Path(f"/proc/{pid}/cwd").samefile(self.data)
            os.kill(pid, 0)
        except (OSError, OverflowError):
            return False
        return True

    def _run(self, command: list[str], keep: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            pass_fds=_descriptors(keep),
            cwd="/",
            env=_plain_environment(),
            user=self._owner and self._owner.pw_uid,
            group=self._owner and self._owner.pw_gid,
            extra_groups=[] if self._owner else None,
        )

    def _spawn(self, command: list[str], keep: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - our own command line
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=_descriptors(*keep),
                cwd="/",
                env=_plain_environment(),
                # A group of its own keeps Ctrl-C at the terminal from reaching it before us.
                process_group=0,
                preexec_fn=tie_child(signal.SIGINT),  # noqa: PLW1509 - two system calls, no locks
                user=self._owner and self._owner.pw_uid,
                group=self._owner and self._owner.pw_gid,
                extra_groups=[] if self._owner else None,
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if self.is_running():
                return
            time.sleep(0.02)
        self.stop()
        tail = "\n".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
        raise LocalPostgresError(
            f"The private database did not start. The end of {self.log_file}:\n{tail}"
        )


def _choose_owner() -> pwd.struct_passwd | None:
    """Return the user that runs the server when we are root, else None: we run it ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise LocalPostgresError(
            "PostgreSQL refuses to run as root, and this machine has no user `postgres`. "
            "Run the command as an ordinary user, or: useradd --system postgres"
        ) from None


def _options(*, durable: bool) -> list[str]:
    chosen = {"shared_buffers": "256MB", "max_connections": "100", "jit": "off"}
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


@contextmanager
def _reach(folder: Path) -> Iterator[str]:
    """Yield a path to `folder` that a server under another user can follow.

    As root, the project often lies below a folder that only root may enter. A descriptor opened
    by root and inherited opens the way without loosening any permission; elsewhere the plain
    path does.
    """
    if os.getuid() != 0 or not sys.platform.startswith("linux"):
        yield str(folder)
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _descriptors(*paths: str) -> tuple[int, ...]:
    prefix = "/proc/self/fd/"
    return tuple(int(path.removeprefix(prefix)) for path in paths if path.startswith(prefix))


def _plain_environment() -> dict[str, str]:
    """Return an environment without PG* variables, which would override what we ask for."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PG") and name in {"PATH", "TZ", "LANG", "TMPDIR"}
    } | {"LC_ALL": "C.UTF-8"}
