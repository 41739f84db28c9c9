"""Remembers what each step of the installation was made from, so that it is done once."""

import fcntl
import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.core.terminal import Steps


class Stamps:
    """One small file a step, holding a digest of its inputs; one installation at a time.

    Args:
        folder: Where the stamps are kept.
        root: The project; paths enter the digests relative to it, and it enters itself, because
            an environment holds absolute paths and a copied one is not current.
        steps: Where a wait for another installation is told.
    """

    def __init__(self, folder: Path, root: Path, steps: Steps) -> None:
        self._folder = folder
        self._root = root
        self._steps = steps

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self._folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            with self._steps.step("Waiting") as step:
                step.report("for another installation in this folder")
                fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._lock.close()

    def digest(self, files: Iterable[Path], *also: str) -> str:
        """Return a digest of files, by name and content, and of other facts."""
        total = hashlib.sha256(str(self._root).encode())
        for fact in also:
            total.update(f"\0{fact}".encode())
        for file in sorted(files):
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            total.update(f"\0{file.relative_to(self._root)}={content}".encode())
        return total.hexdigest()

    def is_current(self, name: str, digest: str) -> bool:
        """Whether the step `name` was last finished with these inputs."""
        stamp = self._folder / name
        return stamp.exists() and stamp.read_text() == digest

    def write(self, name: str, digest: str) -> None:
        """Note that the step `name` was finished with these inputs."""
        (self._folder / name).write_text(digest)

    def forget(self, name: str) -> None:
        """Note that the step `name` is being done, so that half of it does not count."""
        (self._folder / name).unlink(missing_ok=True)
