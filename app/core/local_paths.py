"""Addresses that lead back to this site, out of what a visitor sent."""

from urllib.parse import urlsplit


def keep_on_site(target: str) -> str:
    """Return `target` if it is a path of this site, else the home page.

    Browsers read a backslash as a slash and drop tabs and line breaks, so an address with any
    of them can lead elsewhere though it looks like a path.
    """
    is_plain = target.isprintable() and "\\" not in target
    if not is_plain or not target.startswith("/") or target.startswith("//"):
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else target
