"""One line a step: what is being done, how far it is, and how it ended.

Standard library only: the installer speaks through it before anything is installed.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_TITLE_WIDTH = 22
_BAR_WIDTH = 24
_REDRAW_SECONDS = 0.1
_WORTH_TIMING_SECONDS = 1.0


class Step:
    """One line, redrawn while the step runs if somebody watches at a terminal.

    Args:
        title: The first words of the line.
        stream: Where it is written.
        live: Whether the line can be redrawn.
    """

    def __init__(self, title: str, stream: TextIO, *, live: bool) -> None:
        self.outcome = "done"
        self._title = title
        self._stream = stream
        self._live = live
        self._started = time.monotonic()
        self._drawn = 0.0
        self._last: tuple[str, int, int | None] = ("", 0, None)
        self._write(f"  {title:<{_TITLE_WIDTH}}", end="")

    def report(self, text: str, done: int = 0, total: int | None = None) -> None:
        """Show how far the step is: a bar when `total` is known, else a moving mark."""
        self._last = (text, done, total)
        self.tick()

    def tick(self) -> None:
        """Redraw the line, at most ten times a second."""
        now = time.monotonic()
        if not self._live or now - self._drawn < _REDRAW_SECONDS:
            return
        self._drawn = now
        text, done, total = self._last
        bar = _draw_bar(done, total, now - self._started)
        self._redraw(f"{bar} {now - self._started:4.0f} s  {text}", end="")

    def close(self, outcome: str) -> None:
        """Write how the step ended and go to the next line."""
        seconds = time.monotonic() - self._started
        timing = f" ({seconds:.1f} s)" if seconds >= _WORTH_TIMING_SECONDS else ""
        if self._live:
            self._redraw(outcome + timing, end="\n")
        else:
            self._write(outcome + timing, end="\n")

    def _redraw(self, text: str, end: str) -> None:
        line = f"  {self._title:<{_TITLE_WIDTH}}{text}"
        width = shutil.get_terminal_size().columns - 1
        # A finished line may wrap; one that is redrawn must not.
        self._write(f"\r\x1b[K{line if end else line[:width]}", end=end)

    def _write(self, text: str, end: str) -> None:
        self._stream.write(text + end)
        self._stream.flush()


def _draw_bar(done: int, total: int | None, seconds: float) -> str:
    if total:
        filled = min(_BAR_WIDTH, _BAR_WIDTH * done // total)
        return f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {min(100, 100 * done // total):3d} %"
    place = int(seconds * 8) % (_BAR_WIDTH - 3)
    return f"[{'.' * place}###{'.' * (_BAR_WIDTH - 3 - place)}]      "


class Steps:
    """The steps of one command, on standard output unless another stream is given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._live = self._stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show one step while the block runs; the block may set the step's `outcome`."""
        step = Step(title, self._stream, live=self._live)
        try:
            yield step
        except KeyboardInterrupt:
            step.close("stopped")
            raise
        except BaseException:
            step.close("failed")
            raise
        step.close(step.outcome)

    def note(self, title: str, outcome: str) -> None:
        """Show a step that needed no time."""
        with self.step(title) as step:
            step.outcome = outcome

    def say(self, sentence: str) -> None:
        """Show a line of its own."""
        self._stream.write(sentence + "\n")
        self._stream.flush()
