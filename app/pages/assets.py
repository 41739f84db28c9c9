"""Which built files a page needs, looked up in the manifest that the frontend build leaves."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import UnavailableError

STATIC_PREFIX = "/static/"
"""Where `app.main` serves the build folder."""


@dataclass(frozen=True)
class EntryFiles:
    """The addresses of one entry's files, in the order a page should name them.

    Attributes:
        scripts: Module scripts to run.
        styles: Style sheets to apply before the first paint.
    """

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


class Assets:
    """The build folder of the frontend.

    The manifest is read again when it changes, so that a rebuild shows without a restart.

    Args:
        folder: The build folder, `settings.frontend_dir`.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "manifest.json"
        self._read_at: int | None = None
        self._manifest: dict[str, Any] = {}

    def find(self, entry: str) -> EntryFiles:
        """Return the files of the entry with this source path, such as `src/main.ts`.

        Raises:
            UnavailableError: The frontend has not been built, or has no such entry.
        """
        found = self._get(entry)
        return EntryFiles(
            scripts=(STATIC_PREFIX + found["file"],),
            styles=tuple(STATIC_PREFIX + name for name in found.get("css", ())),
        )

    def locate(self, source: str) -> str:
        """Return the address of a single file with this source path, such as `src/mark.svg`.

        Raises:
            UnavailableError: The frontend has not been built, or without this file.
        """
        return STATIC_PREFIX + str(self._get(source)["file"])

    def _get(self, source: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self._load().get(source)
        if found is None:
            raise UnavailableError(
                f"The built pages have no part called {source}. Build them again with npm ci "
                "and npm run build in app/frontend, then reload."
            )
        return found

    def _load(self) -> dict[str, Any]:
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._manifest = json.loads(self._path.read_text(encoding="utf-8"))
                self._read_at = changed_at
        except (OSError, ValueError) as error:
            raise UnavailableError(
                "The pages have not been built yet. Build them with npm ci and npm run build "
                "in app/frontend, then reload."
            ) from error
        return self._manifest
