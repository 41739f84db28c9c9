"""Handing one mail to a mail server, and which of its refusals are final."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_S = 20.0
PORTS = {"smtp": 587, "smtps": 465}
FINAL = 500
"""Codes of a mail server from here on say that trying again will not help (RFC 5321, 4.2.1)."""

_HOW = "Write it as smtp://user:password@host:587 or smtps://user:password@host:465."


@dataclass(frozen=True)
class SmtpServer:
    """A mail server that takes our mail.

    Attributes:
        host: Its name.
        port: Its port.
        tls: `wrapped` from the first byte, `starttls` before anything private is said, or `never`.
        user: Who we are; empty for a server that does not ask.
        password: Ours; never shown.
    """

    host: str
    port: int
    tls: Literal["wrapped", "starttls", "never"]
    user: str
    password: str

    def __repr__(self) -> str:
        return f"SmtpServer({self.host!r}, {self.port}, {self.tls!r})"


class MailServerError(Exception):
    """The server could not be used just now; the message says why in two or three words."""


class MailRefusedError(Exception):
    """The server will never take this mail; the message is its code."""


def read_smtp_url(url: str) -> SmtpServer:
    """Return the server that a setting names.

    A server on this machine is spoken to in the clear, any other with TLS, unless the address ends
    with `?tls=never`.

    Raises:
        ValueError: The address cannot be read; the sentence does not repeat it.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise ValueError(f"this is not the address of a mail server. {_HOW}") from None
    said = parse_qs(parts.query)
    is_known = not set(said) - {"tls"} and said.get("tls", ["never"]) == ["never"]
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or not is_known:
        raise ValueError(f"this is not the address of a mail server. {_HOW}")
    tls: Literal["wrapped", "starttls", "never"] = "starttls"
    if parts.scheme == "smtps":
        tls = "wrapped"
    elif "tls" in said or _is_this_machine(parts.hostname):
        tls = "never"
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_sender(text: str) -> None:
    """Return if `text` can stand in the From line of a mail.

    Raises:
        ValueError: It cannot.
    """
    name, address = parseaddr(text)
    if not text.isprintable() or "@" not in address:
        raise ValueError("write it as noreply@example.org or Hereabouts <noreply@example.org>")
    Address(display_name=name, addr_spec=address)


def deliver(server: SmtpServer, message: EmailMessage) -> None:
    """Hand a mail to a server; blocks for as long as that takes.

    Args:
        server: Where to.
        message: With one address in `From` and one in `To`.

    Raises:
        MailRefusedError: It will never be taken.
        MailServerError: It may be taken later.
    """
    try:
        with _connect(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise _judge(code) from None
    except smtplib.SMTPDataError as error:
        raise _judge(error.smtp_code) from None
    except smtplib.SMTPResponseException as error:
        raise MailServerError(f"{type(error).__name__} {error.smtp_code}") from None
    except (OSError, ssl.SSLError) as error:
        raise MailServerError(type(error).__name__) from None


def _connect(server: SmtpServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls == "wrapped":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    if server.tls == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _judge(code: int) -> MailRefusedError | MailServerError:
    return MailRefusedError(str(code)) if code >= FINAL else MailServerError(str(code))
