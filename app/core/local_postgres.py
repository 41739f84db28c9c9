"""A private PostgreSQL cluster in a folder of the project, reached by a unix socket only."""

import ctypes
import hashlib
import os
import pwd
import re
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

from app.core.database import DatabaseAddress

ROLE = "hereabouts"
OLDEST_POSTGRES = 15
SOCKET_PATH_LIMIT = 90  # bytes; the kernel allows 107 with the socket's own name in it
START_SECONDS = 60
_PR_SET_PDEATHSIG = 1
_PROGRAM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


class LocalPostgresError(Exception):
    """The private cluster could not be made, started or stopped; the message says what to do."""


def find_programs() -> Path:
    """Return the folder with the newest `initdb` and `postgres` of this machine.

    Raises:
        LocalPostgresError: None is new enough, with the command that installs one.
    """
    candidates = [folder for pattern in _PROGRAM_FOLDERS for folder in Path("/").glob(pattern)]
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    found = [
        (version, folder)
        for folder in candidates
        if (folder / "initdb").exists() and (version := _read_version(folder)) >= OLDEST_POSTGRES
    ]
    if not found:
        raise LocalPostgresError(
            f"PostgreSQL {OLDEST_POSTGRES} or newer is not installed. On Debian or Ubuntu: "
            "sudo apt-get install postgresql postgresql-postgis"
        )
    return max(found)[1]


def _read_version(folder: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - a program of the machine's own PostgreSQL
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)(?:\.|\w|$)", said)
    return int(match.group(1)) if match else 0


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
        return DatabaseAddress(f"postgresql://{ROLE}@/{ROLE}?host={quote(str(self.socket_folder))}")

    def is_made(self) -> bool:
        """Whether the cluster exists."""
        return (self.data / "PG_VERSION").exists()

    def make(self) -> None:
        """Make the cluster beside its place and move it there: a half-made one never counts.

        Raises:
            LocalPostgresError: `initdb` failed; the message holds what it said.
        """
        programs = find_programs()
        unfinished = self.folder / "data.unfinished"
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        with _reach(unfinished) as reachable:
            made = self._run(
                [
                    str(programs / "initdb"), "-D", reachable, "-U", ROLE, "-E", "UTF8",
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
        """
        if not self.is_made():
            self.make()
        self._check_version()
        self._stop_left_behind()
        programs = find_programs()
        self._make_socket_folder()
        self.log_file.touch(mode=0o600)
        with _reach(self.data) as reachable, _reach(self.socket_folder) as sockets:
            command = [
                str(programs / "postgres"), "-D", reachable, "-k", sockets,
                "-c", "listen_addresses=", "-c", f"cluster_name={ROLE}",
                *_options(durable=self.durable),
            ]  # fmt: skip
            self._process = self._spawn(command, keep=(reachable, sockets))
            self._wait_until_ready(programs)

    def stop(self) -> None:
        """Stop the server this object started, ending open connections; wait until it is gone."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None

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

    def _check_version(self) -> None:
        made_with = int((self.data / "PG_VERSION").read_text().split(".")[0])
        installed = _read_version(find_programs())
        if made_with != installed:
            raise LocalPostgresError(
                f"The private database in {self.folder} was made by PostgreSQL {made_with}, and "
                f"this machine now has {installed}. Install postgresql-{made_with} again, or move "
                f"{self.folder} away to start with an empty one."
            )

    def _stop_left_behind(self) -> None:
        """End a server whose starter was killed; it serves nobody and holds the lock file."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n")[0] or 0)
        deadline = time.monotonic() + START_SECONDS
        while pid_file.exists() and _is_postgres(pid):
            os.kill(pid, signal.SIGINT)
            if time.monotonic() > deadline:
                raise LocalPostgresError(
                    f"A database server from an earlier run (process {pid}) does not stop. "
                    f"Stop it with: kill -QUIT {pid}"
                )
            time.sleep(0.1)

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
        with self.log_file.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command line
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=_descriptors(*keep),
                cwd="/",
                env=_plain_environment(),
                # A group of its own keeps Ctrl-C at the terminal from reaching it before us.
                process_group=0,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, before threads
                user=self._owner and self._owner.pw_uid,
                group=self._owner and self._owner.pw_gid,
                extra_groups=[] if self._owner else None,
            )

    def _wait_until_ready(self, programs: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        status = self.data / "postmaster.pid"
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            lines = status.read_text().splitlines() if status.exists() else []
            if len(lines) > 7 and lines[7].strip() == "ready":  # noqa: PLR2004
                return
            time.sleep(0.02)
        self.stop()
        tail = "\n".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
        raise LocalPostgresError(
            f"The private database did not start ({programs}). The end of {self.log_file}:\n{tail}"
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


def _end_with_parent() -> None:
    """Ask the kernel to stop the server (SIGINT: fast shutdown) if its starter is killed."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False
