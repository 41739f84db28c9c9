"""One running service in one folder: the lock that refuses a second, and says who holds it.

Standard library only: the installer takes the lock before anything is installed.
"""

import fcntl
import os
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another process works in this folder; the message names it and how to stop it."""


class RunLock:
    """A record lock on `run.lock` in the service's own folder.

    A record lock belongs to a process: it survives `exec`, so the installer can become the
    server without letting go, and it ends with the process however that dies. For the same
    reason nothing in the holder may open and close the file again: closing lets go.

    Args:
        folder: The folder of the service's own state; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "run.lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or keep it if this process took it before an `exec`.

        Raises:
            AlreadyRunningError: Another process holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise AlreadyRunningError(self._describe_holder()) from None
        os.set_inheritable(descriptor, True)
        self._descriptor = descriptor
        self.announce("")

    def announce(self, address: str) -> None:
        """Write who holds the lock, and the address at which it answers, if it does yet."""
        if self._descriptor is None:
            return
        text = f"{os.getpid()}\n{address}\n".encode()
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)

    def release(self) -> None:
        """Let go and leave the file empty."""
        if self._descriptor is None:
            return
        os.truncate(self._descriptor, 0)
        os.close(self._descriptor)
        self._descriptor = None

    def _describe_holder(self) -> str:
        pid, address = (*self.path.read_text(errors="replace").split("\n"), "", "")[:2]
        where = f" at {address}" if address else ", still starting"
        return (
            f"Hereabouts already runs in this folder (process {pid or 'unknown'}{where}). "
            f"Use that one, or stop it first: kill {pid or '<its process id>'}"
        )
