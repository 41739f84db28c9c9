"""One spelling of a schedule's content, and the hash by which equal ones are the same."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date

from app.assets.schedules.model import Schedule


def write_canonical(schedule: Schedule) -> str:
    """Return the content of `schedule` as JSON: keys sorted, what is not said left out."""
    return json.dumps(to_plain(schedule), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_schedule(schedule: Schedule) -> bytes:
    """Return the SHA-256 of the canonical JSON; 32 bytes."""
    return hashlib.sha256(write_canonical(schedule).encode()).digest()


def to_plain(value: object) -> object:
    """Return a value of the model as JSON has it; attributes at their defaults are left out."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if is_dataclass(value):
        return {
            part.name: to_plain(here)
            for part in fields(value)
            if part.init and (here := getattr(value, part.name)) != part.default
        }
    return value
