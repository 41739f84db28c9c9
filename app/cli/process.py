"""What every command begins with, its settings, and ends with, a sentence if it must."""

import sys
from typing import NoReturn

from pydantic import ValidationError

from app.core.database_server import named_database
from app.core.settings import Settings


def fail(sentence: str) -> NoReturn:
    """Say what is wrong on standard error and end the process with exit code 1."""
    sys.stdout.flush()
    sys.stderr.write(f"\n{sentence}\n")
    sys.exit(1)


def read_settings() -> Settings:
    """Return the settings of this process; a wrong one ends it with a sentence."""
    try:
        settings = Settings()
        named_database(settings)
    except ValidationError as error:
        problems = ", ".join(
            f"{'.'.join(map(str, part['loc'])).upper()} ({part['msg']})" for part in error.errors()
        )
        fail(f"A setting is wrong: {problems}. docs/operators.md lists the settings.")
    except ValueError as error:
        fail(str(error))
    return settings
