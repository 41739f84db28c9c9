"""Ties a process to the one that started it, so that killing the starter leaves nothing behind.

Standard library only: the installer uses it before anything is installed.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: between fork and exec only plain system calls are safe.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def end_with(parent: int, ending: signal.Signals) -> bool:
    """Ask the kernel to send this process `ending` when the process `parent` dies.

    The kernel forgets the wish when a set-user-ID program such as sudo is executed.

    Returns:
        False if the parent had died before the wish was made: then nobody will send anything.
    """
    if _LIBC is None:
        return True
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(ending), 0, 0, 0)
    return os.getppid() == parent


def tie_child(ending: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that ends the child with `ending` when we die, even by kill -9.

    The kernel watches the thread that starts the child: start it from the main thread.
    """
    parent = os.getpid()

    def tie() -> None:
        if not end_with(parent, ending):
            os._exit(1)

    return tie


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Whoever handles Ctrl-C at this moment (Python, asyncio, uvicorn) handles this too.
    signal.raise_signal(signal.SIGINT)


def treat_every_ending_as_interrupt() -> None:
    """Make SIGTERM and a closed terminal end this process the way Ctrl-C does.

    A shell starts background jobs of a script with SIGINT ignored; that is undone, because
    stopping everything in order depends on it. An ignored SIGHUP (nohup) stays ignored.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


@contextmanager
def signals_held() -> Iterator[None]:
    """Keep signals waiting while something is made that must not be left half-made."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
