"""Running commands of `hereabouts` in the process of the tests."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.cli import main
from app.core.database import DatabaseAddress


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `hereabouts` with arguments and settings, in this process: a new one takes seconds."""

    def call(*arguments: str, address: DatabaseAddress, **settings: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr("sys.argv", ["hereabouts", *arguments])
            for name in ("SMTP_URL", "MAIL_FROM", "BASE_URL"):
                patch.setenv(name, settings.get(name, ""))
            patch.setenv("DATABASE_URL", address.for_libpq)
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return call
