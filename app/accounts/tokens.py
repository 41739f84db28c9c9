"""Secrets that are handed out once and recognised later by their hash."""

import hashlib
import re
import secrets

TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def make_token() -> str:
    """Return a new secret of 32 random bytes, as text that fits into an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes | None:
    """Return what is kept of a token, or None for what cannot be one of ours.

    A plain SHA-256 is enough: the token is 256 random bits, so there is nothing to guess from.
    """
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None
