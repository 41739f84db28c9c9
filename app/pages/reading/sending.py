"""Ways to take an asset along: by text message or mail, and into a map of the device's own.

Nothing is sent by us, and nobody else is asked anything: these are addresses that open a program of
the visitor's.
"""

from typing import NamedTuple
from urllib.parse import quote

from app.assets.reading_schemas import LonLatRead


class Sending(NamedTuple):
    """Addresses that open a program with the words in it.

    Attributes:
        address: Of the page, in full, as it may be copied.
        message: Opens a text message.
        mail: Opens a mail.
    """

    address: str
    message: str
    mail: str


def write_sending(name: str, where: str, address: str) -> Sending:
    """Return the ways to send an asset to a phone.

    Args:
        name: What it is called.
        where: Its address, as far as everybody may know it; '' for none.
        address: Of its page, in full.
    """
    words = "\n".join(filter(None, (name, where, address)))
    # iOS reads the body behind an ampersand, Android behind a question mark.
    return Sending(
        address=address,
        message=f"sms:?&body={quote(words, safe='')}",
        mail=f"mailto:?subject={quote(name, safe='')}&body={quote(words, safe='')}",
    )


def write_map_link(point: LonLatRead, name: str) -> str:
    """Return the address that opens a point in the device's own map (RFC 5870)."""
    at = f"{point.lat:.6f},{point.lon:.6f}"
    return f"geo:{at}?q={at}({quote(name, safe='')})"
